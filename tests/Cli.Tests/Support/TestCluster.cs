using System.Text;
using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Pki;
using ClusterMesh.Mesh.Schema;
using ClusterMesh.Tests;

namespace ClusterMesh.Cli.Tests;

/// <summary>A cluster's home and its real etcd, as a user would make them.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly TemporaryDirectory _root = new();

    private TestCluster(string name, int id)
    {
        (Name, Id) = (name, id);
        Home = new(_root.File(name));
    }

    public string Name { get; }

    public int Id { get; }

    public ClusterHome Home { get; }

    public EtcdProcess Etcd { get; private set; } = null!;

    public string Endpoint => $"https://127.0.0.1:{Etcd.Port}";

    /// <summary>With its etcd running, and users and roles when wanted. The CA is a month old, so that certificates can be expired.</summary>
    public static async Task<TestCluster> StartAsync(string name, int id, bool initialised = true)
    {
        var cluster = new TestCluster(name, id);
        HomeAuthority.Create(cluster.Home, null, TimeSpan.FromDays(365), force: false, new ShiftedTime(TimeSpan.FromDays(-30))).Dispose();
        await Run("cert", "issue", cluster.Home.Directory, "etcd", "--ip", "127.0.0.1");
        cluster.Etcd = await EtcdProcess.StartAsync(new EtcdTls(cluster.Home.CaCertificate, cluster.Home.Certificate("etcd"), cluster.Home.Key("etcd")));
        if (initialised) await cluster.InitAsync();
        return cluster;
    }

    public Task<string> InitAsync() => Run("etcd", "init", Home.Directory, "--cluster", Name, "--id", $"{Id}", "--endpoints", Endpoint);

    /// <summary>A client with a certificate of that common name by this cluster's CA.</summary>
    public IEtcdClient As(string commonName)
    {
        var directory = _root.File("clients");
        using var authority = HomeAuthority.Load(Home, TimeProvider.System);
        var issued = authority.Issue(new(commonName, TimeSpan.FromDays(1)), TimeProvider.System);
        PemFiles.Write(directory, commonName, issued.CertificatePem, issued.KeyPem);
        var config = new EtcdConfig([new(Endpoint)])
        {
            TrustedCaFile = Home.CaCertificate, CertFile = PemFiles.Certificate(directory, commonName), KeyFile = PemFiles.Key(directory, commonName),
        };
        return EtcdClient.Open(config, TimeProvider.System);
    }

    /// <summary>What an agent would have written: a config, a heartbeat, canaries, and one of each kind.</summary>
    public async Task PublishAsync()
    {
        await using var agent = As(EtcdAccess.AgentOf(Name));
        string[] prefixes = [StateKeys.Nodes, StateKeys.Services, StateKeys.Identities, StateKeys.Ips];
        var values = new Dictionary<string, string>
        {
            [StateKeys.ClusterConfig(Name)] = $$$"""{"id":{{{Id}}},"capabilities":{"syncedCanaries":true,"maxConnectedClusters":255}}""",
            [StateKeys.Heartbeat] = $"{TimeProvider.System.GetUtcNow():O}",
            [StateKeys.Node(Name, "n1")] = "{}",
            [StateKeys.Service(Name, "demo", "a")] = "{}",
            [StateKeys.Service(Name, "demo", "b")] = "{}",
            [StateKeys.Identity((uint)Id << 16 | 1)] = "k8s:a=b;",
            [StateKeys.Ip("10.0.0.1")] = "{}",
        };
        foreach (var prefix in prefixes) values[StateKeys.Synced(Name, prefix)] = values[StateKeys.Heartbeat];
        foreach (var (key, value) in values) await agent.PutAsync(key, Encoding.UTF8.GetBytes(value));
    }

    public async ValueTask DisposeAsync()
    {
        await Etcd.DisposeAsync();
        _root.Dispose();
    }

    /// <summary>A command that must succeed; gives what it printed.</summary>
    public static async Task<string> Run(params string[] arguments)
    {
        var (code, output, errors) = await CommandLine.RunAsync(arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: {output}{errors}");
        Assert.DoesNotContain("PRIVATE", output);
        return output;
    }
}
