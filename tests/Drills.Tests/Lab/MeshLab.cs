using System.Net;

namespace ClusterMesh.Drills.Tests.Lab;

/// <summary>
/// Two clusters that know each other, all real: etcd with TLS and users, agents, gateways, backends. Both have the services shop
/// (affinity none, backends in both), near (affinity local, backends in both), from-west and from-east (backends only there).
/// </summary>
internal sealed class MeshLab : IAsyncDisposable
{
    public const string Shop = "shop", Near = "near", FromWest = "from-west", FromEast = "from-east";

    public static readonly string[] Services = [Shop, Near, FromWest, FromEast];

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("cm-drill-");

    private MeshLab()
    {
    }

    public LabCluster West { get; private set; } = null!;

    public LabCluster East { get; private set; } = null!;

    /// <summary>The one backend that from-east has at the start, and the one of from-west.</summary>
    public IPEndPoint EastBackend { get; private set; } = null!;

    public IPEndPoint WestBackend { get; private set; } = null!;

    private IEnumerable<LabCluster> Clusters => new[] { West, East }.Where(cluster => cluster is not null);

    /// <summary>Started, connected, and every gateway has every backend.</summary>
    public static async Task<MeshLab> StartAsync(LabSettings? settings = null)
    {
        settings ??= new();
        var lab = new MeshLab();
        try
        {
            lab.West = await LabCluster.StartAsync(lab._root.FullName, "west", 1, 1, []);
            lab.East = await LabCluster.StartAsync(lab._root.FullName, "east", 2, 2, settings.EtcdOfEast);
            await lab.West.ConnectAsync(lab.East);
            lab.WriteManifests();
            for (var at = 0; at < settings.AgentsInWest; at++) lab.West.AddNode(settings);
            lab.East.AddNode(settings);
            await lab.ReadyAsync();
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>Another cluster that west knows, with nothing running yet but its etcd.</summary>
    public async Task<LabCluster> AddClusterAsync(string name, int id)
    {
        var cluster = await LabCluster.StartAsync(_root.FullName, name, id, 3, []);
        await West.ConnectAsync(cluster);
        return cluster;
    }

    /// <summary>Adds a backend to from-east: a change of east that shows in west. Gives all that from-east has then.</summary>
    public string[] GrowFromEast()
    {
        var added = East.Backends.Take();
        East.Manifests.Service(FromEast, "none", EastBackend, added);
        return [EastBackend.ToString(), added.ToString()];
    }

    /// <summary>The same of west, which shows in east.</summary>
    public string[] GrowFromWest()
    {
        var added = West.Backends.Take();
        West.Manifests.Service(FromWest, "none", WestBackend, added);
        return [WestBackend.ToString(), added.ToString()];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var cluster in Clusters) await cluster.DisposeAsync();
        _root.Delete(recursive: true);
    }

    private void WriteManifests()
    {
        (WestBackend, EastBackend) = (West.Backends.Take(), East.Backends.Take());
        foreach (var cluster in Clusters)
        {
            cluster.Manifests.Service(Shop, "none", cluster.Backends.Take(), cluster.Backends.Take());
            cluster.Manifests.Service(Near, "local", cluster.Backends.Take());
        }

        West.Manifests.Service(FromWest, "none", WestBackend);
        West.Manifests.Service(FromEast, "none");
        East.Manifests.Service(FromWest, "none");
        East.Manifests.Service(FromEast, "none", EastBackend);
    }

    private async Task ReadyAsync()
    {
        foreach (var agent in West.Agents) await agent.SeesReadyAsync("east", 60);
        foreach (var agent in East.Agents) await agent.SeesReadyAsync("west", 60);
        foreach (var gateway in Clusters.SelectMany(cluster => cluster.Gateways))
        {
            await gateway.HasAsync(FromEast, $"{EastBackend}");
            await gateway.HasAsync(FromWest, $"{WestBackend}");
            await gateway.State.UntilAsync(
                state => new[] { Shop, Near }.All(name => LabGateway.BackendsOf(state, name).Select(backend => backend.Cluster).Distinct().Count() == 2),
                $"{gateway.Name}: shop and near have backends of both clusters");
        }
    }
}
