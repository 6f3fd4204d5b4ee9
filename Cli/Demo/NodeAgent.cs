using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Cli.Processes;

namespace ClusterMesh.Cli.Demo;

/// <summary>The agent of a cluster's one node, as a process.</summary>
internal sealed class NodeAgent(Launch program, ClusterHome home, ClusterSettings cluster, string manifests, int admin) : IDisposable
{
    private Child? _process;

    public string Socket { get; } = Path.Combine(home.Directory, "agent.sock");

    public Uri Admin { get; } = new($"http://127.0.0.1:{admin}/");

    public void Start()
    {
        _process?.Dispose();
        _process = Child.StartTethered($"the agent of {cluster.Name}", program,
        [
            "--cluster", cluster.Name, "--cluster-id", $"{cluster.Id}", "--node", $"{cluster.Name}-node-1", "--manifests", manifests,
            "--etcd", home.EtcdFile, "--remotes", home.Remotes, "--socket", Socket, "--admin", $"127.0.0.1:{admin}",
        ]);
    }

    /// <summary>SIGKILL, and gone when this returns.</summary>
    public void Kill() => _process?.Kill();

    public void ThrowIfEnded()
    {
        if (_process is { Running: false })
            throw new LaunchException($"{_process.Name} ended: {_process.LastWords}");
    }

    public void Dispose() => _process?.Dispose();
}
