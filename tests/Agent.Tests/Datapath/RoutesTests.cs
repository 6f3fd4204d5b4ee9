using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using ClusterMesh.Agent.Datapath.Masquerade;
using ClusterMesh.Agent.Datapath.Routes;
using ClusterMesh.Agent.Network;
using ClusterMesh.Agent.Options;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;
using static ClusterMesh.Agent.Tests.Datapath.Scene;

namespace ClusterMesh.Agent.Tests.Datapath;

public sealed class RoutesTests
{
    [Theory]
    [InlineData(RoutingMode.Tunnel, "10.1.2.0/24 dev vx0 proto 201 src 10.1.1.1 mtu 1450", "10.2.1.0/24 dev vx0 proto 201 src 10.1.1.1 mtu 1450")]
    [InlineData(RoutingMode.Hybrid, "10.1.2.0/24 via 172.18.0.2 dev eth0 proto 201", "10.2.1.0/24 dev vx0 proto 201 src 10.1.1.1 mtu 1450")]
    [InlineData(RoutingMode.Direct, "10.1.2.0/24 via 172.18.0.2 dev eth0 proto 201", null)]
    internal void Wanted_ByRouting_GoesThere(RoutingMode routing, string near, string? far)
    {
        var nodes = Nodes([Written("n2", "172.18.0.2", "10.1.2.0/24")], East(Record("e1", "172.19.1.1", "10.2.1.0/24")));
        var endpoint = Endpoint("a", "10.1.1.5");
        var routes = NodeRoutes.Wanted(Net(routing), nodes, [endpoint], []);
        string?[] wanted = ["unreachable 10.1.1.0/24 proto 201", $"10.1.1.5/32 dev {endpoint.Names.Interface} proto 201 src 10.1.1.1", near, far];
        Assert.Equal(wanted.OfType<string>().Order(StringComparer.Ordinal), routes.Values.Select(route => route.Words).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{"type":"unicast","dst":"10.2.1.0/24","dev":"vx0","protocol":"201","scope":"link","prefsrc":"10.1.1.1","flags":[],"metrics":[{"mtu":1450}]}""", "10.2.1.0/24 dev vx0 proto 201 src 10.1.1.1 mtu 1450")]
    [InlineData("""{"type":"unicast","dst":"10.1.1.5","dev":"lxc1","protocol":"201","prefsrc":"10.1.1.1"}""", "10.1.1.5/32 dev lxc1 proto 201 src 10.1.1.1")]
    [InlineData("""{"type":"unicast","dst":"10.1.2.0/24","gateway":"172.18.0.2","dev":"eth0","protocol":"201"}""", "10.1.2.0/24 via 172.18.0.2 dev eth0 proto 201")]
    [InlineData("""{"type":"unreachable","dst":"10.1.1.0/24","dev":"lo","protocol":"201"}""", "unreachable 10.1.1.0/24 proto 201")]
    [InlineData("""{"dst":"default","gateway":"172.18.0.254","dev":"eth0"}""", null)]
    public void Read_AsIpShowsIt_IsTheSameRoute(string json, string? words) => Assert.Equal(words, RouteModel.Read(JsonDocument.Parse(json).RootElement)?.Words);

    [Fact]
    public void Changes_OnlyWhatDiffers_AndOthersRoutesStayUntilAllAreHeard()
    {
        var wanted = NodeRoutes.Wanted(Net(), Nodes([Written("n2", "172.18.0.2", "10.1.2.0/24")]), [], []);
        RouteModel right = wanted[IPNetwork.Parse("10.1.1.0/24")], old = new(IPNetwork.Parse("10.1.1.9/32"), "lxc9", null, null, 0), remote = new(IPNetwork.Parse("10.9.0.0/24"), "vx0", null, null, 0);
        var own = IPNetwork.Parse("10.1.1.0/24");
        Assert.Equal(
            ["route replace 10.1.2.0/24 dev vx0 proto 201 src 10.1.1.1 mtu 1450", "route delete 10.1.1.9/32 dev lxc9 proto 201"], RouteReconciler.Changes([right, old, remote], wanted, prune: false, own));
        Assert.Contains("route delete 10.9.0.0/24 dev vx0 proto 201", RouteReconciler.Changes([right, old, remote], wanted, prune: true, own));
        Assert.Empty(RouteReconciler.Changes([.. wanted.Values], wanted, prune: true, own));
    }

    [Theory]
    [InlineData("203.0.113.9", true)]
    [InlineData("172.18.0.9", true)]
    [InlineData("10.96.0.9", false)]
    [InlineData("172.18.0.1", false)]
    [InlineData("172.18.0.2", false)]
    [InlineData("10.1.1.1", false)]
    [InlineData("10.1.2.1", false)]
    [InlineData("10.2.1.77", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("2001:db8::1", false)]
    public void Wanted_AddressOfAService_HasARouteUnlessItIsSomebodyElses(string address, bool routed)
    {
        var nodes = Nodes([Written("n2", "172.18.0.2", "10.1.2.0/24")], East(Record("e1", "172.19.1.1", "10.2.1.0/24")));
        var network = Net() with { Services = [IPNetwork.Parse("10.96.0.0/16")] };
        var routes = NodeRoutes.Wanted(network, nodes, [], [IPAddress.Parse(address)]);
        Assert.Equal(5 - (routed ? 0 : 1), routes.Count);
        Assert.Equal(routed ? $"{address}/32 dev vx0 proto 201 src 10.1.1.1 mtu 1450" : null, routes.Values.Select(route => route.Words).FirstOrDefault(words => words.StartsWith($"{address}/32", StringComparison.Ordinal)));
    }

    [Fact]
    public void OutsideAddresses_OfServices_AreThoseOfLoadBalancersAlone()
    {
        var exposure = new ServiceExposure { LoadBalancerIPs = ["203.0.113.1", "nonsense"], ExternalIPs = ["203.0.113.2"] };
        ServiceObject web = new(new(new("default", "web")), [new("http", 80)], "10.96.0.1", "LoadBalancer") { Exposure = exposure }, headless = web with { Meta = new(new("default", "none")), ClusterIP = "None" };
        var services = new[] { web, headless }.ToImmutableDictionary(service => service.Key, service => ServiceModel.Read(service, (_, _, _) => { }));
        var addresses = new OutsideAddresses();
        var first = addresses.Of(services);
        Assert.Equal(["203.0.113.1"], first.Select(address => $"{address}").Order(StringComparer.Ordinal));
        Assert.Same(first, addresses.Of(services.Remove(headless.Key)));
        Assert.Empty(addresses.Of(services.Remove(web.Key)));
    }

    [Fact]
    public void Masquerade_Text_LeavesPodsAndNodesAlone()
    {
        var text = MasqueradeRules.Text(Net(), Nodes([], East(Record("e1", "172.19.1.1", "10.2.1.0/24"))), leaving: true);
        Assert.StartsWith("table ip clustermesh\ndelete table ip clustermesh\ntable ip clustermesh {\n", text, StringComparison.Ordinal);
        Assert.Contains("elements = { 10.1.1.0/24, 10.2.1.0/24, 172.18.0.1/32 }", text, StringComparison.Ordinal);
        Assert.Contains("ip saddr 10.1.1.0/24 ip daddr != @mesh goto outward", text, StringComparison.Ordinal);
        // Where there are programs they drop what is the proxy's, and count it.
        Assert.Contains($"oifname {{ \"{Overlay.Device}\", \"eth0\" }} accept", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "172.18.0.1", "eth0")]
    [InlineData(null, "192.0.2.1", "eth1")]
    [InlineData("eth1", "172.18.0.1", "eth1")]
    public void Underlay_Found_ByDeviceThenAddressThenDefaultRoute(string? device, string address, string expected)
    {
        var links = Json("""
            [{"ifindex":2,"ifname":"eth0","mtu":1500,"addr_info":[{"family":"inet","local":"172.18.0.1","prefixlen":16,"scope":"global"}]},
             {"ifindex":3,"ifname":"eth1","mtu":9000,"addr_info":[{"family":"inet","local":"10.0.0.7","prefixlen":24,"scope":"global"}]}]
            """);
        var underlay = Underlay.Of(device, [IPAddress.Parse(address)], links, Json("""[{"dst":"default","dev":"eth1"}]"""));
        Assert.Equal(expected, underlay.Device);
        Assert.Equal(expected == "eth0" ? "172.18.0.0/16" : "10.0.0.0/24", Assert.Single(underlay.Subnets).ToString());
        Assert.Equal(2, underlay.NodeAddresses.Length);
        Assert.Contains("192.0.2.9", Assert.Throws<NetworkException>(() => Underlay.Of(null, [IPAddress.Parse("192.0.2.9")], links, [])).Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<JsonElement> Json(string text) => [.. JsonDocument.Parse(text).RootElement.EnumerateArray()];
}
