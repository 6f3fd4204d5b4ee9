namespace ClusterMesh.Connectivity.Tests;

/// <summary>Drills of the way by the nodes' proxies share one lab.</summary>
[CollectionDefinition(Name)]
public sealed class RequestDrills : ICollectionFixture<TunnelledClusters>
{
    public const string Name = "drills of requests";
}
