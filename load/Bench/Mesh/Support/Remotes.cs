using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Services;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterMesh.MeshBench;

/// <summary>One agent's way from a directory of remotes to snapshots: reading, merging, the one writer.</summary>
internal sealed class Remotes : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("clustermesh-bench-").FullName;
    private readonly CancellationTokenSource _stop = new();
    private readonly MeshWriter _writer;
    private readonly RemoteClusters _clusters;
    private readonly Task _running;
    private volatile MeshSnapshot? _latest;

    /// <param name="cache">Our own etcd, for reading and writing the mirror; null = direct.</param>
    public Remotes(Mesh.Sources.ClusterObjects local, int id, IEnumerable<(string Name, Uri Endpoint)> remotes, Action<MeshSnapshot>? apply = null, EtcdConfig? cache = null)
    {
        foreach (var (name, endpoint) in remotes) File.WriteAllText(Path.Combine(_directory, name), $"endpoints: [\"{endpoint}\"]\n");
        _writer = new(local.Cluster, snapshot => { _latest = snapshot; apply?.Invoke(snapshot); });
        _writer.Start(local);
        _clusters = new(new(local.Cluster, id, _directory) { Cache = cache, HeartbeatTimeout = TimeSpan.FromHours(1) },
            config => EtcdClient.Open(config, TimeProvider.System), _writer.Publish, _writer.Remove, TimeProvider.System, new ThreadChance(), NullLogger<RemoteClusters>.Instance);
        _running = _writer.RunAsync(static exception => Console.Error.WriteLine(exception), _stop.Token);
    }

    public MeshSnapshot Latest => _latest!;

    public RemoteClusters Clusters => _clusters;

    public void Start(bool mirroring = false)
    {
        _clusters.SetMirroring(mirroring);
        _clusters.Start();
    }

    /// <summary>Until every remote is ready and all backends are merged.</summary>
    public async Task ReadyAsync(int clusters, int backends, TimeSpan patience)
    {
        var begun = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (_clusters.Current.Count(remote => remote.Status.Phase == RemotePhase.Ready) < clusters || Merged() < backends)
        {
            if (TimeProvider.System.GetElapsedTime(begun) > patience)
            {
                throw new TimeoutException($"{_clusters.Current.Count(remote => remote.Status.Phase == RemotePhase.Ready)} of {clusters} clusters ready, {Merged()} of {backends} backends: "
                    + string.Join("; ", _clusters.Current.Where(remote => remote.Status.Phase != RemotePhase.Ready).Take(3).Select(remote => $"{remote.Cluster} {remote.Status.Phase} {remote.Status.Reason} {remote.Status.LastError}")));
            }

            await timer.WaitForNextTickAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _clusters.DisposeAsync();
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private int Merged() => _latest?.Services.Values.Sum(service => service.Ports.Sum(port => port.Backends.Length)) ?? 0;
}
