using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Drills.Tests.Lab;

/// <summary>The gateway beside one agent, a process that can be killed and started again.</summary>
internal sealed class LabGateway : IDisposable
{
    private readonly LabAgent _agent;
    private readonly string _cluster, _kept;
    private readonly int _admin = EtcdProcess.FreePort();
    private LabProcess? _process;

    public LabGateway(LabCluster cluster, LabAgent agent)
    {
        (_agent, _cluster) = (agent, cluster.Name);
        _kept = Directory.CreateDirectory(cluster.File($"kept-{agent.Node}")).FullName;
        State = new(_admin, StatusJson.Default.GatewayState, () => _process?.LastWords ?? "not running");
    }

    public string Name => $"gateway of {_agent.Node}";

    public int Http { get; } = EtcdProcess.FreePort();

    public AdminPage<GatewayState> State { get; }

    public void Start() => _process = LabProcess.Start(
        "clustermesh-ingress.dll",
        "--cluster", _cluster, "--agent", _agent.Socket, "--state", _kept, "--http", $"127.0.0.1:{Http}", "--admin", $"127.0.0.1:{_admin}",
        "--access-log", "off", "--warm-up", "0s", "--drain-delay", "0s");

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        _process?.Dispose();
        _process = null;
    }

    /// <summary>Waits until a service has just these backends.</summary>
    public Task<GatewayState> HasAsync(string service, params string[] addresses) => State.UntilAsync(
        state => BackendsOf(state, service).Select(backend => backend.Address).Order(StringComparer.Ordinal).SequenceEqual(addresses.Order(StringComparer.Ordinal)),
        $"{Name}: {service} has {string.Join(", ", addresses.DefaultIfEmpty("nothing"))}");

    /// <summary>Waits until everything that this gateway knows of a cluster's backends is marked so.</summary>
    public Task<GatewayState> MarksAsync(string cluster, bool unconfirmed, double seconds = 30) => State.UntilAsync(
        state => state.Services.SelectMany(service => BackendsOf(state, service.Name)).Where(backend => backend.Cluster == cluster).ToList() is { Count: > 0 } backends
            && backends.TrueForAll(backend => backend.Unconfirmed == unconfirmed),
        $"{Name}: the backends of {cluster} are {(unconfirmed ? "unconfirmed" : "confirmed")}", seconds);

    public void Dispose() => Kill();

    public static IEnumerable<BackendStatus> BackendsOf(GatewayState state, string service) =>
        state.Services.FirstOrDefault(status => status.Name == service)?.Ports.SelectMany(port => port.Backends) ?? [];
}
