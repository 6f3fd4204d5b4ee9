using System.Text.Json.Nodes;
using ClusterMesh.Cli.Lab.Control;
using ClusterMesh.Cli.Lab.Lifetime;
using ClusterMesh.Cli.Lab.Manifests;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Cli.Lab.Nodes;

/// <summary>
/// Plays API server, scheduler and controllers for one cluster: takes objects, makes pods come and go as they say, and keeps the agents'
/// manifests as the API would show everything. One change at a time.
/// </summary>
internal sealed class ControlPlane : IDisposable
{
    private readonly LabPaths _paths;
    private readonly string _cluster;
    private readonly IReadOnlyList<LabNode> _nodes;
    private readonly Kubelet _kubelet;
    private readonly LiveManifests _live;
    private readonly Action _changed;
    private readonly SemaphoreSlim _changes = new(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, PodAddresses> _addresses;
    private readonly Dictionary<ObjectKey, LabPod> _pods = [];
    private readonly HashSet<LabPod> _stopped = [];
    private DesiredObjects _desired;

    /// <param name="changed">Told after the pods changed.</param>
    public ControlPlane(LabPaths paths, DesiredObjects desired, IReadOnlyList<LabNode> nodes, LabPrograms programs, LiveManifests live, Action changed, TimeProvider time)
    {
        (_paths, _cluster, _nodes, _live, _changed, _desired) = (paths, desired.Plan.Name, nodes, live, changed, desired);
        _kubelet = new(paths, programs, _cluster, Publish, time);
        _addresses = nodes.ToDictionary(node => node.Name, node => new PodAddresses(node.Plan.PodCidr));
        Place(desired.Pods);
        Publish();
    }

    public IReadOnlyList<LabPod> Pods
    {
        get
        {
            lock (_lock) return [.. _pods.Values.OrderBy(pod => pod.Spec.Key)];
        }
    }

    public IReadOnlyList<string> NotPlayed => Control.NotPlayed.In(_desired.Written);

    /// <summary>Starts what the first objects ask for.</summary>
    public Task StartAsync() => Task.WhenAll(Pods.Select(_kubelet.StartAsync));

    /// <summary>Once the agents answer.</summary>
    /// <exception cref="LabException">One of the pods does not become ready.</exception>
    public Task JoinAsync(CancellationToken cancel) => Task.WhenAll(Pods.Select(pod => _kubelet.JoinAsync(pod, cancel)));

    /// <exception cref="LabException"/>
    public Task UntilEndpointsAreReadyAsync(CancellationToken cancel) => Task.WhenAll(Pods.Select(pod => _kubelet.UntilEndpointIsReadyAsync(pod, cancel)));

    /// <summary>Done when every pod of it is ready.</summary>
    /// <exception cref="LabException">An object cannot be, and nothing has changed; or a pod of it does not become ready.</exception>
    public Task ApplyAsync(IReadOnlyList<JsonObject> objects, CancellationToken cancel) => ChangeAsync(desired => desired.With(objects), force: false, cancel);

    /// <param name="force">Its pods end at once.</param>
    /// <exception cref="LabException">There is no such object.</exception>
    public Task DeleteAsync(string kind, ObjectKey key, bool force, CancellationToken cancel) => ChangeAsync(
        desired =>
        {
            if (desired.Written.Select(ObjectId.Of).Where(id => id.IsCalled(kind) && (id.Key == key || (id.Key.Namespace.Length == 0 && id.Key.Name == key.Name))).ToList() is [var id])
                return desired.Without(id);
            // A pod that somebody owns is made anew.
            if (new ObjectId("Pod", key).IsCalled(kind) && Find(key) is { } pod)
            {
                _stopped.Add(pod);
                return desired;
            }

            throw new LabException($"{kind} {key} is not there in {_cluster}");
        },
        force, cancel);

    public LabPod? Find(ObjectKey key)
    {
        lock (_lock) return _pods.GetValueOrDefault(key);
    }

    public void Dispose()
    {
        foreach (var program in Pods.SelectMany(pod => pod.Programs)) program.Dispose();
        _changes.Dispose();
    }

    private async Task ChangeAsync(Func<DesiredObjects, DesiredObjects> change, bool force, CancellationToken cancel)
    {
        await _changes.WaitAsync(cancel);
        try
        {
            _stopped.Clear();
            var desired = change(_desired);
            var wanted = desired.Pods.ToDictionary(pod => pod.Key);
            var gone = Pods.Where(pod => _stopped.Contains(pod) || !wanted.TryGetValue(pod.Spec.Key, out var spec) || !spec.RunsAs(pod.Spec)).ToList();
            // A node that is not there is told before anything ends.
            Scheduler.Place(desired.Pods, [.. _addresses.Keys], Placed(except: gone));
            _desired = desired;
            foreach (var pod in Pods.Except(gone)) pod.Spec = wanted[pod.Spec.Key];
            Publish();
            await Task.WhenAll(gone.Select(pod => RemoveAsync(pod, force, cancel)));
            var made = Place(desired.Pods);
            Publish();
            await Task.WhenAll(made.Select(pod => RunAsync(pod, cancel)));
        }
        finally
        {
            _changes.Release();
        }
    }

    private async Task RunAsync(LabPod pod, CancellationToken cancel)
    {
        await _kubelet.StartAsync(pod);
        await _kubelet.JoinAsync(pod, cancel);
        await _kubelet.UntilEndpointIsReadyAsync(pod, cancel);
    }

    private async Task RemoveAsync(LabPod pod, bool force, CancellationToken cancel)
    {
        try
        {
            await _kubelet.StopAsync(pod, force, cancel);
        }
        finally
        {
            lock (_lock)
            {
                _pods.Remove(pod.Spec.Key);
                _addresses[pod.Node.Name].Release(pod.Address);
            }

            Publish();
        }
    }

    private List<LabPod> Place(IReadOnlyList<PodSpec> pods)
    {
        lock (_lock)
        {
            var made = new List<LabPod>();
            foreach (var (key, name) in Scheduler.Place(pods, [.. _addresses.Keys], Placed(except: [])))
            {
                var node = _nodes.First(node => node.Name == name);
                made.Add(_pods[key] = new(_cluster, pods.First(pod => pod.Key == key), node, _addresses[name].Take(), _paths.PodNetns(_cluster, key)));
            }

            return made;
        }
    }

    private Dictionary<ObjectKey, string> Placed(IReadOnlyCollection<LabPod> except)
    {
        lock (_lock) return _pods.Values.Except(except).ToDictionary(pod => pod.Spec.Key, pod => pod.Node.Name);
    }

    private void Publish()
    {
        lock (_lock) _live.Replace(_desired.Published([.. Pods.Select(pod => pod.View)]));
        _changed();
    }
}
