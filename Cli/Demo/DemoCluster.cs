using System.Net;
using ClusterMesh.Cli.Admin;
using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Cli.Processes;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Demo;

/// <summary>One cluster: its etcd, the agent of its node, and its gateway, made with the code of the commands.</summary>
internal sealed class DemoCluster : IDisposable
{
    /// <summary>Ports that a cluster needs.</summary>
    public const int PortCount = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly ClusterSettings _settings;
    private readonly TimeProvider _time;

    private DemoCluster(Binaries binaries, ManifestCopy manifests, ClusterSettings settings, ReadOnlySpan<int> ports, TimeProvider time)
    {
        (_settings, _time) = (settings, time);
        Home = new(Path.Combine(manifests.Root, "mesh", settings.Name));
        // An agent needs its directory of remotes, a gateway that of its state.
        Directory.CreateDirectory(Home.Remotes);
        var state = Directory.CreateDirectory(Path.Combine(Home.Directory, "gateway"));
        Etcd = new(binaries.Etcd, Home, settings, ports[1]);
        Agent = new(binaries.Agent, Home, settings, manifests.Directory(settings.Name), ports[2]);
        Gateway = Gateway.Start(binaries.Gateway, settings.Name, Agent.Socket, state.FullName, (ports[3], ports[4]), time);
    }

    public string Name => _settings.Name;

    public ClusterHome Home { get; }

    public EtcdServer Etcd { get; }

    public NodeAgent Agent { get; }

    public Gateway Gateway { get; }

    public Traffic Traffic => Gateway.Traffic;

    /// <summary>Begins with the gateway, which waits for its agent.</summary>
    public static DemoCluster Open(Binaries binaries, ManifestCopy manifests, string name, int id, ReadOnlySpan<int> ports, TimeProvider time) =>
        new(binaries, manifests, new(name, id, [new($"https://127.0.0.1:{ports[0]}")]), ports, time);

    /// <summary>Its CA and certificates, its etcd, and in there users, roles and authentication.</summary>
    public async Task FoundAsync(CancellationToken cancel)
    {
        HomeAuthority.Create(Home, commonName: null, HomeCertificates.Lifetime, force: false, _time).Dispose();
        HomeCertificates.Issue(Home, ClusterHome.EtcdName, commonName: null, [], [IPAddress.Loopback], HomeCertificates.Lifetime, _time);
        Etcd.Start();
        var why = "";
        if (!await Condition.WaitAsync(async () => (why = await TryInitAsync(cancel)) is null, Patience, _time, cancel))
            throw new DemoException(why!);
    }

    public async Task WaitReadyAsync(CancellationToken cancel)
    {
        if (!await Condition.WaitAsync(() => IsReadyAsync(cancel), Patience, _time, cancel))
            throw new DemoException($"the gateway of {Name} is not ready: {Gateway.Admin}readyz; it said: {Gateway.LastWords}");
    }

    /// <summary>How long it took until the gateway's view of a cluster was as asked; null = not in time.</summary>
    public async Task<TimeSpan?> SeesAsync(string cluster, Func<ClusterStatus, bool> asked, TimeSpan within, CancellationToken cancel)
    {
        var begun = Traffic.Now;
        using var client = new AdminClient(AdminPort.Gateway, Gateway.Admin);
        var seen = await Condition.WaitAsync(
            async () => (await client.StateAsync(cancel)).Value.Clusters.Any(status => status.Name == cluster && asked(status)), within, _time, cancel);
        return seen ? Traffic.Now - begun : null;
    }

    public void ThrowIfAnyEnded()
    {
        Etcd.ThrowIfEnded();
        Agent.ThrowIfEnded();
        Gateway.ThrowIfEnded();
    }

    public void Dispose()
    {
        Gateway.Dispose();
        Agent.Dispose();
        Etcd.Dispose();
    }

    /// <returns>Why it has to be tried again; null = done.</returns>
    private async Task<string?> TryInitAsync(CancellationToken cancel)
    {
        ThrowIfAnyEnded();
        try
        {
            await new EtcdBootstrap(_time, static _ => { }).RunAsync(Home, _settings, cancel);
            return null;
        }
        catch (BootstrapException error)
        {
            // What is to be run is run: it is not up yet. All else stays as it is.
            return error.ToRun.IsEmpty ? throw new DemoException(error.Message, error) : error.Message;
        }
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancel)
    {
        ThrowIfAnyEnded();
        return await Gateway.IsReadyAsync(cancel);
    }
}
