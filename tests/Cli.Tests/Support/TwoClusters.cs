namespace ClusterMesh.Cli.Tests;

/// <summary>West and east, each with its etcd, connected and with something published: shared by the tests of a class.</summary>
public sealed class TwoClusters : IAsyncLifetime
{
    internal TestCluster West { get; private set; } = null!;

    internal TestCluster East { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        West = await TestCluster.StartAsync("west", 1);
        East = await TestCluster.StartAsync("east", 2);
        await West.PublishAsync();
        await East.PublishAsync();
        Connected = await TestCluster.Run("connect", West.Home.Directory, East.Home.Directory);
    }

    /// <summary>What connect printed.</summary>
    internal string Connected { get; private set; } = "";

    public async Task DisposeAsync()
    {
        await West.DisposeAsync();
        await East.DisposeAsync();
    }
}
