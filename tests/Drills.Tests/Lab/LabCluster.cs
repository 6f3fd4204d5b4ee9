using ClusterMesh.Tests;
using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Drills.Tests.Lab;

/// <summary>One cluster: its home, etcd, agents, gateways and backends. Others reach its etcd through a relay.</summary>
internal sealed class LabCluster : IAsyncDisposable
{
    /// <summary>Certificates of drills may have begun this long ago.</summary>
    private static readonly TimeSpan s_ageOfCa = TimeSpan.FromDays(30);

    private readonly string _directory;

    private LabCluster(string directory, string name, int id, int number, EtcdProcess etcd, Backends backends)
    {
        (_directory, Name, Id, Number, Etcd, Backends) = (directory, name, id, number, etcd, backends);
        Home = HomeOf(directory);
        Manifests = new(File("manifests"));
        Front = new(etcd.Port);
    }

    public string Name { get; }

    public int Id { get; }

    /// <summary>Its own in this lab, whatever its id.</summary>
    public int Number { get; }

    public ClusterHome Home { get; }

    public EtcdProcess Etcd { get; }

    /// <summary>Between the other clusters and this one's etcd.</summary>
    public Relay Front { get; }

    public Backends Backends { get; }

    public Manifests Manifests { get; }

    public List<LabAgent> Agents { get; } = [];

    public List<LabGateway> Gateways { get; } = [];

    public LabAgent Agent => Agents[0];

    public LabGateway Gateway => Gateways[0];

    /// <summary>With its etcd initialised; nothing else runs yet.</summary>
    public static async Task<LabCluster> StartAsync(string root, string name, int id, int number, ImmutableArray<string> etcdFlags)
    {
        var directory = Path.Combine(root, name);
        var home = HomeOf(directory);
        HomeAuthority.Create(home, null, TimeSpan.FromDays(365), force: false, new ShiftedTime(-s_ageOfCa)).Dispose();
        HomeCertificates.Issue(home, ClusterHome.EtcdName, null, [], [IPAddress.Loopback], TimeSpan.FromDays(365), TimeProvider.System);
        var tls = new EtcdTls(home.CaCertificate, home.Certificate(ClusterHome.EtcdName), home.Key(ClusterHome.EtcdName));
        var cluster = new LabCluster(directory, name, id, number, await EtcdProcess.StartAsync(tls, etcdFlags), await Backends.StartAsync(name, number));
        await cluster.InitAsync();
        return cluster;
    }

    /// <summary>Users, roles and authentication, as `clustermesh etcd init` makes them.</summary>
    public Task InitAsync()
    {
        var settings = new ClusterSettings(Name, Id, [Etcd.Endpoint]) { Advertised = [new($"https://127.0.0.1:{Front.Port}")] };
        return new EtcdBootstrap(TimeProvider.System, static _ => { }).RunAsync(Home, settings, CancellationToken.None);
    }

    /// <summary>As `clustermesh connect` does it: also mends what is missing or expired.</summary>
    public Task ConnectAsync(LabCluster other) =>
        new MeshConnection(TimeProvider.System, static _ => { }).ConnectAsync(Home, other.Home, renew: false, CancellationToken.None);

    /// <summary>A client of its etcd that may do everything.</summary>
    public IEtcdClient OpenAsRoot() => EtcdClient.Open(
        new([Etcd.Endpoint]) { TrustedCaFile = Home.CaCertificate, CertFile = Home.Certificate(ClusterHome.RootName), KeyFile = Home.Key(ClusterHome.RootName) },
        TimeProvider.System);

    /// <summary>etcdctl as root.</summary>
    public Task<string> CtlAsync(params string[] arguments) => Etcd.CtlAsync(
        ["--cacert", Home.CaCertificate, "--cert", Home.Certificate(ClusterHome.RootName), "--key", Home.Key(ClusterHome.RootName), .. arguments]);

    /// <summary>An agent with a gateway beside it, both started.</summary>
    public void AddNode(LabSettings settings)
    {
        var agent = new LabAgent(this, Agents.Count + 1, settings);
        var gateway = new LabGateway(this, agent);
        Manifests.Pod($"pod-{agent.Node}", agent.Node, $"127.{Number}.2.{Agents.Count + 1}");
        Agents.Add(agent);
        Gateways.Add(gateway);
        agent.Start();
        gateway.Start();
    }

    public string File(string name) => Path.Combine(_directory, name);

    public async ValueTask DisposeAsync()
    {
        Gateways.ForEach(gateway => gateway.Dispose());
        Agents.ForEach(agent => agent.Dispose());
        Front.Dispose();
        await Etcd.DisposeAsync();
        await Backends.DisposeAsync();
    }

    private static ClusterHome HomeOf(string directory) => new(Path.Combine(directory, "home"));
}
