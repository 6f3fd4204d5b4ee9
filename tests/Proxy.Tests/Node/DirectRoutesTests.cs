using System.Net;
using ClusterMesh.Proxy.Node;

namespace ClusterMesh.Proxy.Tests.Node;

public sealed class DirectRoutesTests
{
    private static readonly IPEndPoint s_destination = new(IPAddress.Parse("10.2.0.7"), 8080);

    [Fact]
    public void To_ADestination_LeadsThereAloneAndIsTheSameRouteAgain()
    {
        var routes = new DirectRoutes("west", _ => "east", TimeProvider.System);
        var route = routes.To(s_destination);
        var backend = Assert.Single(Assert.Single(route.Targets).Port!.Now.Backends);
        Assert.Equal(("east", "10.2.0.7:8080"), (backend.Backend.Cluster, backend.Backend.Authority));
        Assert.True(route.Targets[0].Port!.Now.HasHealthy);
        Assert.Equal(1, route.Model.Policy.Retry.Tries);
        Assert.Same(route, routes.To(new(IPAddress.Parse("10.2.0.7"), 8080)));
    }

    [Fact]
    public void To_SomebodyOfNoCluster_IsTheOwnOnes()
    {
        var route = new DirectRoutes("west", _ => null, TimeProvider.System).To(s_destination);
        Assert.Equal("west", route.Targets[0].Port!.Now.Backends[0].Backend.Cluster);
    }

    [Fact]
    public void To_ManyDestinations_ShareOneNameAndOneSeries()
    {
        var routes = new DirectRoutes("west", _ => null, TimeProvider.System);
        var (one, other) = (routes.To(s_destination), routes.To(new(IPAddress.Parse("10.2.0.8"), 80)));
        Assert.NotSame(one, other);
        Assert.Equal((one.Model.Name, one.State, one.Targets[0].Number), (other.Model.Name, other.State, other.Targets[0].Number));
        // However many there were: old ones are forgotten, not kept.
        for (var port = 1; port < 10_000; port++) routes.To(new(IPAddress.Loopback, port));
        Assert.NotSame(one, routes.To(s_destination));
        // What they count is on a scraper's page by the one that stands for all.
        Assert.Same(one.State, routes.All.State);
    }
}
