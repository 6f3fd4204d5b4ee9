using ClusterMesh.Cli.Echo;
using ClusterMesh.Cli.Processes;

namespace ClusterMesh.Cli.Demo;

/// <summary>The echo backends of all clusters, each a process of its own: started, killed, started again.</summary>
internal sealed class Pods(Launch program, IReadOnlyList<DemoPod> all, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(40);

    private readonly Dictionary<DemoPod, Child> _running = [];

    public IReadOnlyList<DemoPod> All => all;

    /// <summary>Starts those of the pods that do not run, and returns when each answers for itself.</summary>
    public async Task StartAsync(IEnumerable<DemoPod> pods, CancellationToken cancel)
    {
        var chosen = pods.ToList();
        foreach (var pod in chosen)
            Start(pod);
        using var probe = new Probe();
        foreach (var pod in chosen)
        {
            if (!await Condition.WaitAsync(() => AnswersAsync(probe, pod, cancel), StartTimeout, time, cancel))
                throw new DemoException($"{pod.Name} of {pod.Cluster} does not answer at {pod.Address}");
        }
    }

    /// <summary>SIGKILL to all of them at once; gone when this returns.</summary>
    public void Kill(IEnumerable<DemoPod> pods) => Parallel.ForEach(pods.Where(_running.ContainsKey), pod => _running[pod].Kill());

    public void Dispose() => Parallel.ForEach(_running.Values, child => child.Dispose());

    private void Start(DemoPod pod)
    {
        if (_running.TryGetValue(pod, out var old))
        {
            if (old.Running)
                return;
            old.Dispose();
        }

        _running[pod] = Child.Start($"{pod.Name} of {pod.Cluster}", program,
        [
            "echo", "--listen", pod.Address.ToString(), "--service", pod.Service, "--version", pod.Version,
            "--cluster", pod.Cluster, "--pod", pod.Name, "--until-input-ends",
        ]);
    }

    private async Task<bool> AnswersAsync(Probe probe, DemoPod pod, CancellationToken cancel)
    {
        ThrowIfEnded(pod);
        using var answer = await probe.AskAsync(new($"http://{pod.Address}/"), cancel);
        return answer is not null && answer.Headers.TryGetValues(EchoHeaders.Pod, out var name) && name.Single() == pod.Name;
    }

    private void ThrowIfEnded(DemoPod pod)
    {
        if (_running[pod] is { Running: false } child)
            throw new LaunchException($"{child.Name} ended: {child.LastWords}");
    }
}
