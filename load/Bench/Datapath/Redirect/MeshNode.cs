using System.Net;
using ClusterMesh.DatapathBench.Agent;
using ClusterMesh.DatapathBench.Topology;
using ClusterMesh.DatapathBench.Traffic;

namespace ClusterMesh.DatapathBench.Redirect;

/// <summary>A cluster of one node with the real agent, its data path, an etcd, and a client and a server pod.</summary>
internal sealed class MeshNode : IDisposable
{
    public const string Address = "192.168.50.1";
    private const int BackendPort = 8080;
    private readonly string _directory = Directory.CreateTempSubdirectory("clustermesh-bench-").FullName;
    private readonly List<IDisposable> _parts = [];
    private readonly string _name;
    private readonly AgentProcess _agent;

    /// <param name="name">Of the cluster and the node.</param>
    /// <param name="proxied">Its service of requests is one; else the agent is told nothing of requests.</param>
    /// <param name="routes">So many HTTPRoutes of services that nobody asks.</param>
    public MeshNode(string name, bool proxied, int routes = 0)
    {
        _name = name;
        try
        {
            _parts.Add(Netns);
            Netns.Run("link add eth0 type veth peer name wire0", "link set wire0 up", $"addr add {Address}/24 dev eth0", "link set eth0 up");
            foreach (var directory in new[] { Manifests, In("remotes") }) Directory.CreateDirectory(directory);
            Write("node", MeshManifests.Node(name, Address, "10.1.0.0/24"));
            foreach (var pod in new[] { "client", "server" }) Write(pod, MeshManifests.Pod(pod, name));
            MeshManifests.WriteRoutes(Manifests, routes);
            _parts.Add(StartEtcd());
            _parts.Add(_agent = StartAgent());
            Wait.Until("the agent is ready", () => _agent.Get("/readyz") is not null, () => _agent.LastWords);
            using var socket = new AgentSocket(In("api.sock"));
            (Client, Server) = (socket.AddPod("client"), socket.AddPod("server"));
            _parts.AddRange([Client, Server]);
            if (proxied) Write("web", MeshManifests.Service("web", $"{Web.Address}", Web.Port, $"{Server.Ip}", BackendPort, requests: true));
            Write("plain", MeshManifests.Service("plain", $"{Plain.Address}", Plain.Port, $"{Server.Ip}", TrafficPorts.Connections, requests: false));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Netns Netns { get; } = new();

    public Pod Client { get; } = null!;

    public Pod Server { get; } = null!;

    public IPEndPoint Backend => new(Server.Ip, BackendPort);

    /// <summary>The service whose requests are balanced.</summary>
    public static IPEndPoint Web { get; } = IPEndPoint.Parse("10.96.0.10:80");

    /// <summary>The one whose connections are: the server's end of <see cref="Connections"/>.</summary>
    public static IPEndPoint Plain { get; } = IPEndPoint.Parse("10.96.0.11:80");

    public string AgentSaid => _agent.LastWords;

    private string Manifests => In("manifests");

    /// <summary>The path of a file that is gone with the node.</summary>
    public string In(string file) => Path.Combine(_directory, file);

    /// <summary>The flags of its proxy.</summary>
    public IReadOnlyList<string> ProxyFlags => ["--cluster", _name, "--node", _name, "--agent", In("mesh.sock"), "--bpf-root", PrivateMounts.Bpf, "--admin", $"{ProxyAdmin}"];

    public static IPEndPoint ProxyAdmin { get; } = new(IPAddress.Loopback, 9903);

    public NetnsProcess StartProxy(params IEnumerable<string> more) =>
        Start(Core.OfProxies, ["dotnet", Path.Combine(AppContext.BaseDirectory, "clustermesh-proxy.dll"), .. ProxyFlags, .. more]);

    /// <summary>In the node's namespace, for as long as the node is there.</summary>
    public NetnsProcess Start(int core, params IEnumerable<string> command) => StartIn(Netns, core, command);

    public NetnsProcess StartIn(Netns netns, int core, params IEnumerable<string> command)
    {
        var process = new NetnsProcess(netns, core, command);
        _parts.Add(process);
        return process;
    }

    public void Dispose()
    {
        for (var i = _parts.Count - 1; i >= 0; i--) _parts[i].Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(Manifests, $"{file}.yaml"), text);

    private NetnsProcess StartEtcd() => new(
        Netns, null, "etcd", "--data-dir", In("data"), "--listen-client-urls", "http://127.0.0.1:2379", "--advertise-client-urls", "http://127.0.0.1:2379",
        "--listen-peer-urls", "http://127.0.0.1:2380", "--log-level", "error");

    private AgentProcess StartAgent()
    {
        File.WriteAllText(In("etcd.yaml"), "endpoints: [\"http://127.0.0.1:2379\"]\n");
        return new(
            Netns, "--cluster", _name, "--cluster-id", "1", "--node", _name, "--manifests", Manifests, "--etcd", In("etcd.yaml"), "--remotes", In("remotes"), "--datapath", "ebpf",
            "--device", "eth0", "--bpf-root", PrivateMounts.Bpf, "--state", In("state"), "--api", In("api.sock"), "--socket", In("mesh.sock"), "--service-cidr", "10.96.0.0/15", "--probe-port", "0");
    }
}
