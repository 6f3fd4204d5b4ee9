namespace ClusterMesh.Agent.Tests.Node;

/// <summary>Two clusters of one node each, on one segment, that read each other's etcd.</summary>
internal sealed class TwoClusters : IDisposable
{
    private TwoClusters()
    {
        try
        {
            West = new("west", 1);
            East = new("east", 2);
            West.Netns.Run($"link add eth0 type veth peer name eth0 netns {East.Netns.Name}");
            foreach (var node in new[] { West, East }) node.Netns.Run($"addr add {node.Underlay}/24 dev eth0", "link set eth0 up");
            West.Knows(East);
            East.Knows(West);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public AgentNode West { get; } = null!;

    public AgentNode East { get; } = null!;

    public static async Task<TwoClusters> StartAsync(params string[] more)
    {
        var clusters = new TwoClusters();
        try
        {
            clusters.West.StartAgent(more);
            clusters.East.StartAgent(more);
            await clusters.West.ReadyAsync();
            await clusters.East.ReadyAsync();
            return clusters;
        }
        catch
        {
            clusters.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        West?.Dispose();
        East?.Dispose();
    }
}
