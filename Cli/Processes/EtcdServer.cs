using ClusterMesh.Cli.Bootstrap;

namespace ClusterMesh.Cli.Processes;

/// <summary>The etcd of one cluster, as a process: TLS, and nobody enters without a certificate. Its data outlive it.</summary>
internal sealed class EtcdServer(Launch program, ClusterHome home, ClusterSettings cluster, int peerPort) : IDisposable
{
    private Child? _process;

    public void Start()
    {
        _process?.Dispose();
        // One data directory for the life of the demo, so one token does.
        _process = Child.StartTethered($"the etcd of {cluster.Name}", program, [.. EtcdStart.Arguments(home, cluster, peerPort), "--initial-cluster-token", cluster.Name, "--log-level", "error"]);
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
