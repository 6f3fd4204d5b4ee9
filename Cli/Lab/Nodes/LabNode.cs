using System.Globalization;
using ClusterMesh.Cli.Admin;
using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Cli.Lab.Lifetime;
using ClusterMesh.Cli.Lab.Network;
using ClusterMesh.Cli.Lab.Topology;
using ClusterMesh.Cli.Processes;

namespace ClusterMesh.Cli.Lab.Nodes;

/// <summary>A node: its namespace, and the agent and the proxy in it, which can be killed and started again.</summary>
internal sealed class LabNode : IDisposable
{
    /// <summary>Of gateways, at <see cref="NodePlan.GatewayAddress"/>.</summary>
    public const int GatewayPort = 8080;

    private readonly ClusterPlan _cluster;
    private readonly LabPaths _paths;
    private readonly string _directory;
    private readonly Launch _program, _proxyProgram, _gatewayProgram;
    private readonly IReadOnlyList<string> _arguments, _proxyArguments, _gatewayArguments;
    private readonly List<LabProcess> _before = [];
    private int _proxies;

    public LabNode(LabPaths paths, LabTopology topology, ClusterPlan cluster, NodePlan plan, int number, ClusterHome home, string manifests, LabPrograms programs)
    {
        (_paths, _cluster, Plan) = (paths, cluster, plan);
        _directory = Directory.CreateDirectory(paths.NodeDirectory(cluster, number)).FullName;
        Netns = paths.NodeNetns(plan);
        Api = new(AdminPort.Agent, AdminPort.TryParse(AgentAddress, out var address) ? address : throw new LabException($"{AgentAddress} is too long a name for a socket: give the lab or the cluster a shorter one"));
        ProxyPages = OpenProxyPages();
        // Many start at once on a small machine: none of them measures itself in order to be compiled better later.
        _program = Netns.Around(new("env", ["DOTNET_TieredPGO=0", programs.Agent.File, .. programs.Agent.First]));
        _arguments =
        [
            "--cluster", cluster.Name, "--cluster-id", Text(cluster.Id), "--node", plan.Name, "--node-ip", $"{plan.Address}",
            "--manifests", manifests, "--etcd", home.EtcdFile, "--remotes", home.Remotes,
            "--api", Socket, "--socket", Path.Combine(_directory, "mesh.sock"), "--admin", "127.0.0.1:9902",
            "--datapath", "ebpf", "--routing", topology.Routing, "--device", "eth0", "--pod-cidr", $"{plan.PodCidr}", "--service-cidr", $"{cluster.ServiceCidr}",
            "--bpf-root", paths.Pins, "--state", Path.Combine(_directory, "state"),
            "--proxy-group", Text(ProxyPrivileges.Group), "--proxy-admin", ProxySocket,
        ];
        _proxyProgram = Netns.Around(new("env", ["DOTNET_TieredPGO=0", "DOTNET_EnableDiagnostics=0", .. ProxyPrivileges.Around(programs.Proxy).All]));
        _proxyArguments =
        [
            "--cluster", cluster.Name, "--node", plan.Name, "--agent", Path.Combine(_directory, "mesh.sock"), "--bpf-root", paths.Pins,
            "--admin", "127.0.0.1:9903", "--admin-socket", ProxySocket, "--access-log", "-", "--warm-up", "0s", "--drain-timeout", "10s",
        ];
        _gatewayProgram = Netns.Around(new("env", ["DOTNET_TieredPGO=0", "DOTNET_EnableDiagnostics=0", .. ProxyPrivileges.Around(programs.Gateway).All]));
        _gatewayArguments =
        [
            "--cluster", cluster.Name, "--node", plan.Name, "--agent", Path.Combine(_directory, "mesh.sock"), "--mesh", "on", "--bpf-root", paths.Pins,
            "--http", $"{plan.GatewayAddress}:{GatewayPort}", "--admin", "127.0.0.1:9901", "--access-log", "-", "--warm-up", "0s", "--drain-delay", "0s",
        ];
    }

    public NodePlan Plan { get; }

    /// <summary>Null = it has none.</summary>
    public LabProcess? Gateway { get; private set; }

    public string Name => Plan.Name;

    public NetworkNamespace Netns { get; }

    /// <summary>Asks its agent, over the socket where it also takes orders.</summary>
    public AdminClient Api { get; }

    public LabProcess? Agent { get; private set; }

    public LabProcess? Proxy { get; private set; }

    /// <summary>Admin pages of the one that was started last, once it is up.</summary>
    public AdminClient ProxyPages { get; private set; }

    public LabNodeState State(string manifests) => new(_cluster.Name, Name, $"{Plan.Address}", $"{Plan.PodCidr}", Netns.Name, AgentAddress, manifests);

    private string AgentAddress => $"unix:{Socket}";

    private string Socket => Path.Combine(_directory, "api.sock");

    private string ProxySocket => Path.Combine(_directory, "proxy", "admin.sock");

    /// <exception cref="LaunchException"/>
    public void StartAgent()
    {
        Agent?.Dispose();
        Agent = LabProcess.Start($"the agent of {Name}", _paths.Log($"{Name}.agent"), _program, tethered: true, _arguments);
    }

    /// <summary>SIGKILL, and gone when this returns. What is in the kernel stays.</summary>
    public void KillAgent() => Agent?.Dispose();

    /// <summary>The directory that its proxy may write to.</summary>
    /// <exception cref="LabException"/>
    public async Task PrepareAsync()
    {
        var directory = Directory.CreateDirectory(Path.GetDirectoryName(ProxySocket)!).FullName;
        var outcome = await Tool.RunAsync("chown", [Text(ProxyPrivileges.Group), directory]);
        if (outcome.Code != 0) throw new LabException($"{directory}: {outcome.Errors.Trim()}");
    }

    /// <summary>One that runs already is left to notice that another has taken over.</summary>
    /// <exception cref="LaunchException"/>
    /// <param name="more">Settings beside the usual ones.</param>
    public void StartProxy(params IEnumerable<string> more)
    {
        if (Proxy is { Running: true } running) _before.Add(running);
        else Proxy?.Dispose();
        ProxyPages.Dispose();
        ProxyPages = OpenProxyPages();
        var number = ++_proxies;
        Proxy = LabProcess.Start($"the proxy of {Name}", _paths.Log(number == 1 ? $"{Name}.proxy" : $"{Name}.proxy-{number}"), _proxyProgram, tethered: true, _proxyArguments.Concat(more));
    }

    /// <exception cref="LaunchException"/>
    public void StartGateway() => Gateway = LabProcess.Start($"the gateway of {Name}", _paths.Log($"{Name}.gateway"), _gatewayProgram, tethered: true, _gatewayArguments);

    /// <summary>SIGKILL, and gone when this returns.</summary>
    public void KillProxy() => Proxy?.Dispose();

    public void Dispose()
    {
        foreach (var before in _before) before.Dispose();
        Proxy?.Dispose();
        Gateway?.Dispose();
        ProxyPages.Dispose();
        Agent?.Dispose();
        Api.Dispose();
    }

    private AdminClient OpenProxyPages() =>
        new(AdminPort.Agent, AdminPort.TryParse($"unix:{ProxySocket}", out var pages) ? pages : throw new LabException($"{ProxySocket} is too long a name for a socket: give the lab or the cluster a shorter one"));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
