using System.Globalization;
using ClusterMesh.Cli.Admin;
using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Cli.Lab.Lifetime;
using ClusterMesh.Cli.Lab.Network;
using ClusterMesh.Cli.Lab.Topology;
using ClusterMesh.Cli.Processes;

namespace ClusterMesh.Cli.Lab.Nodes;

/// <summary>A node: its namespace, and the agent in it, which can be killed and started again.</summary>
internal sealed class LabNode : IDisposable
{
    private readonly ClusterPlan _cluster;
    private readonly LabPaths _paths;
    private readonly string _directory;
    private readonly Launch _program;
    private readonly IReadOnlyList<string> _arguments;

    public LabNode(LabPaths paths, LabTopology topology, ClusterPlan cluster, NodePlan plan, int number, ClusterHome home, string manifests, LabPrograms programs)
    {
        (_paths, _cluster, Plan) = (paths, cluster, plan);
        _directory = Directory.CreateDirectory(paths.NodeDirectory(cluster, number)).FullName;
        Netns = paths.NodeNetns(plan);
        Api = new(AdminPort.Agent, AdminPort.TryParse(AgentAddress, out var address) ? address : throw new LabException($"{AgentAddress} is too long a name for a socket: give the lab or the cluster a shorter one"));
        // Many start at once on a small machine: none of them measures itself in order to be compiled better later.
        _program = Netns.Around(new("env", ["DOTNET_TieredPGO=0", programs.Agent.File, .. programs.Agent.First]));
        _arguments =
        [
            "--cluster", cluster.Name, "--cluster-id", Text(cluster.Id), "--node", plan.Name, "--node-ip", $"{plan.Address}",
            "--manifests", manifests, "--etcd", home.EtcdFile, "--remotes", home.Remotes,
            "--api", Socket, "--socket", Path.Combine(_directory, "mesh.sock"), "--admin", "127.0.0.1:9902",
            "--datapath", "ebpf", "--routing", topology.Routing, "--device", "eth0", "--pod-cidr", $"{plan.PodCidr}", "--service-cidr", $"{cluster.ServiceCidr}",
            "--bpf-root", paths.Pins, "--state", Path.Combine(_directory, "state"),
        ];
    }

    public NodePlan Plan { get; }

    public string Name => Plan.Name;

    public NetworkNamespace Netns { get; }

    /// <summary>Asks its agent, over the socket where it also takes orders.</summary>
    public AdminClient Api { get; }

    public LabProcess? Agent { get; private set; }

    public LabNodeState State(string manifests) => new(_cluster.Name, Name, $"{Plan.Address}", $"{Plan.PodCidr}", Netns.Name, AgentAddress, manifests);

    private string AgentAddress => $"unix:{Socket}";

    private string Socket => Path.Combine(_directory, "api.sock");

    /// <exception cref="LaunchException"/>
    public void StartAgent()
    {
        Agent?.Dispose();
        Agent = LabProcess.Start($"the agent of {Name}", _paths.Log($"{Name}.agent"), _program, tethered: true, _arguments);
    }

    /// <summary>SIGKILL, and gone when this returns. What is in the kernel stays.</summary>
    public void KillAgent() => Agent?.Dispose();

    public void Dispose()
    {
        Agent?.Dispose();
        Api.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
