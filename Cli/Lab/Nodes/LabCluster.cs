using System.Net;
using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Cli.Lab.Control;
using ClusterMesh.Cli.Lab.Lifetime;
using ClusterMesh.Cli.Lab.Manifests;
using ClusterMesh.Cli.Lab.Topology;

namespace ClusterMesh.Cli.Lab.Nodes;

/// <summary>One cluster of a lab: its etcd, its nodes and its control plane.</summary>
internal sealed class LabCluster : IDisposable
{
    private const int EtcdPort = 2379;

    private readonly LabPaths _paths;
    private readonly LabPrograms _programs;
    private readonly TimeProvider _time;
    private readonly ClusterSettings _settings;

    public LabCluster(LabPaths paths, LabTopology topology, DesiredObjects desired, LabPrograms programs, Action changed, TimeProvider time)
    {
        (_paths, _programs, _time, Plan) = (paths, programs, time, desired.Plan);
        Home = new(Path.Combine(paths.ClusterDirectory(Name), "mesh"));
        _settings = new(Name, Plan.Id, [new($"https://{Plan.EtcdAddress}:{EtcdPort}")]);
        var live = new LiveManifests(Path.Combine(paths.ClusterDirectory(Name), "manifests"));
        Manifests = live.Directory;
        Nodes = [.. Plan.NodePlans.Select((node, at) => new LabNode(paths, topology, Plan, node, at + 1, Home, Manifests, programs))];
        ControlPlane = new(paths, desired, Nodes, programs, live, changed, time);
    }

    public ClusterPlan Plan { get; }

    public string Name => Plan.Name;

    public ClusterHome Home { get; }

    /// <summary>What its agents read.</summary>
    public string Manifests { get; }

    public IReadOnlyList<LabNode> Nodes { get; }

    public ControlPlane ControlPlane { get; }

    public LabProcess? Etcd { get; private set; }

    /// <summary>All that is running for it.</summary>
    public IEnumerable<LabProcess> Processes => new[] { Etcd }.Concat(Nodes.Select(node => node.Agent)).Concat(Nodes.Select(node => node.Proxy)).Concat(Nodes.Select(node => node.Gateway)).OfType<LabProcess>().Concat(ControlPlane.Pods.SelectMany(pod => pod.Programs));

    /// <summary>Its CA, its certificates and the etcd that has them; users and roles are made by whoever reaches it.</summary>
    /// <exception cref="BootstrapException"/>
    public void StartEtcd()
    {
        Directory.CreateDirectory(Home.Remotes);
        HomeAuthority.Create(Home, commonName: null, HomeCertificates.Lifetime, force: false, _time).Dispose();
        HomeCertificates.Issue(Home, ClusterHome.EtcdName, commonName: null, [], [Plan.EtcdAddress, IPAddress.Loopback], HomeCertificates.Lifetime, _time);
        _settings.Write(Home);
        Etcd = LabProcess.Start(
            $"the etcd of {Name}", _paths.Log($"{Name}.etcd"), _paths.EtcdNetns(Plan).Around(_programs.Etcd), tethered: true,
            [.. EtcdStart.Arguments(Home, _settings, EtcdPort + 1), "--initial-cluster-token", Name, "--log-level", "error"]);
    }

    /// <exception cref="LabException"/>
    public async Task StartNodesAsync()
    {
        await Task.WhenAll(Nodes.Select(node => node.PrepareAsync()));
        foreach (var node in Nodes)
        {
            node.StartAgent();
            // It waits for its agent.
            node.StartProxy();
            if (Plan.Gateways) node.StartGateway();
        }
    }

    public void Dispose()
    {
        ControlPlane.Dispose();
        foreach (var node in Nodes) node.Dispose();
        Etcd?.Dispose();
    }
}
