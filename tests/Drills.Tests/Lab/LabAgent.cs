using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Drills.Tests.Lab;

/// <summary>One node's agent, a process that can be killed and started again.</summary>
internal sealed class LabAgent : IDisposable
{
    private readonly LabCluster _cluster;
    private readonly LabSettings _settings;
    private readonly int _admin = EtcdProcess.FreePort();
    private LabProcess? _process;

    public LabAgent(LabCluster cluster, int number, LabSettings settings)
    {
        (_cluster, _settings) = (cluster, settings);
        (Node, Address) = ($"{cluster.Name}-{number}", $"127.{cluster.Number}.1.{number}");
        Socket = cluster.File($"agent-{number}.sock");
        State = new(_admin, StatusJson.Default.AgentState, () => _process?.LastWords ?? "not running");
    }

    public string Node { get; }

    public string Address { get; }

    public string Socket { get; }

    public AdminPage<AgentState> State { get; }

    public LabProcess Process => _process!;

    /// <param name="id">Another cluster id than the one its home says.</param>
    public void Start(int? id = null) => _process = LabProcess.Start(
        "clustermesh-agent.dll",
        "--cluster", _cluster.Name, "--cluster-id", $"{id ?? _cluster.Id}", "--node", Node, "--node-ip", Address,
        "--manifests", _cluster.Manifests.Directory, "--etcd", _cluster.Home.EtcdFile, "--remotes", _cluster.Home.Remotes,
        "--socket", Socket, "--admin", $"127.0.0.1:{_admin}",
        "--heartbeat", "1s", "--lease-ttl", _settings.LeaseTtl, "--election-ttl", "2s", "--sync-timeout", "5s");

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        _process?.Dispose();
        _process = null;
    }

    /// <summary>Waits for what this agent says of another cluster.</summary>
    public async Task<ClusterStatus> SeesAsync(string cluster, Func<ClusterStatus, bool> condition, string what, double seconds = 30) =>
        (await State.UntilAsync(state => Of(state, cluster) is { } status && condition(status), $"{Node}: {cluster} {what}", seconds)).Clusters.First(status => status.Name == cluster);

    public Task<ClusterStatus> SeesReadyAsync(string cluster, double seconds = 30) =>
        SeesAsync(cluster, status => status is { State: "ready", Confirmed: true }, "is ready and confirmed", seconds);

    public void Dispose() => Kill();

    private static ClusterStatus? Of(AgentState state, string cluster) => state.Clusters.FirstOrDefault(status => status.Name == cluster);
}
