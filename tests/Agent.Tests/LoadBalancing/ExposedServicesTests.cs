using ClusterMesh.Agent.LoadBalancing;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Agent.Tests.LoadBalancing;

/// <summary>The other addresses of a service, its traffic policies, and what is not served.</summary>
public sealed class ExposedServicesTests
{
    private const string Backends = "w/n1:10.1.0.1 w/n2:10.1.0.2";

    private static ServiceObject Exposed => Scene.Service(type: "LoadBalancer", nodePort: 30080) with
    {
        Exposure = new() { ExternalIPs = ["192.0.2.1"], LoadBalancerIPs = ["198.51.100.1"] },
    };

    [Fact]
    public void Compile_AllAddresses_AreFrontendsAndAllButTheClusterIPExternal() =>
        Assert.Equal(
            ["10.96.0.1:80/TCP ClusterIP False", "172.18.0.1:30080/TCP NodePort True", "198.51.100.1:80/TCP LoadBalancer True", "192.0.2.1:80/TCP ExternalIP True"],
            Scene.Compile(Exposed, Backends).Frontends.Select(frontend => $"{frontend.Frontend} {frontend.Type} {frontend.Model.External}"));

    [Theory]
    [InlineData("", true, "10.96.0.1:80/TCP 198.51.100.1:80/TCP 192.0.2.1:80/TCP")]
    // What refuses everybody does so by whatever way.
    [InlineData("203.0.113.0/24", true, "10.96.0.1:80/TCP 192.0.2.1:80/TCP")]
    [InlineData("", false, "")]
    public void Compile_PortOfL7_IsTheProxysWherePodsAskAndTheKernelCan(string ranges, bool canProxy, string expected)
    {
        var service = Exposed with
        {
            Ports = [new("http", 80) { NodePort = 30080 }, new("dns", 80) { Protocol = "UDP" }, new("other", 81)],
            Exposure = Exposed.Exposure with { SourceRanges = ranges.Split(' ', StringSplitOptions.RemoveEmptyEntries) },
        };
        var compiled = KernelServices.Compile(Scene.Model(service, Backends) with { L7Ports = [80] }, Scene.View(Backends, node: Scene.Node with { CanProxy = canProxy }));
        Assert.Equal(expected, string.Join(' ', compiled.Frontends.Where(frontend => frontend.Model.L7).Select(frontend => $"{frontend.Frontend}")));
        Assert.All(compiled.Frontends, frontend => Assert.Equal(frontend.Type != FrontendType.ClusterIP, frontend.Model.External));
    }

    [Theory]
    [InlineData(false, false, "w/n1:10.1.0.1 w/n2:10.1.0.2", "10.1.0.1*1 10.1.0.2*1", "10.1.0.1*1 10.1.0.2*1")]
    [InlineData(true, false, "w/n1:10.1.0.1 w/n2:10.1.0.2", "10.1.0.1*1 10.1.0.2*1", "10.1.0.1*1")]
    [InlineData(false, true, "w/n1:10.1.0.1 w/n2:10.1.0.2", "10.1.0.1*1", "10.1.0.1*1 10.1.0.2*1")]
    [InlineData(true, true, "w/n2:10.1.0.2", "nobody", "nobody")]
    [InlineData(true, false, "w/n1:10.1.0.1T w/n2:10.1.0.2", "10.1.0.2*1, draining 10.1.0.1", "10.1.0.1*1")]
    // A node of the same name in another cluster is another node.
    [InlineData(true, false, "w/n2:10.1.0.2 e/n1:10.2.0.1", "10.1.0.2*1 10.2.0.1*1", "nobody")]
    public void Compile_TrafficPolicyLocal_TakesThisNodesBackendsOnly(bool externalLocal, bool internalLocal, string backends, string clusterIP, string external)
    {
        var service = Exposed with { InternalLocal = internalLocal, Exposure = Exposed.Exposure with { ExternalLocal = externalLocal }, Meta = Scene.Service(annotations: "service.cilium.io/global=true").Meta };
        var frontends = Scene.Compile(service, backends).Frontends;
        Assert.Equal(clusterIP, Scene.Text(frontends[0].Model));
        Assert.All(frontends.Skip(1), frontend => Assert.Equal(external, Scene.Text(frontend.Model)));
    }

    [Theory]
    [InlineData("203.0.113.0/24", "nobody")]
    [InlineData("203.0.113.0/24 0.0.0.0/0", "10.1.0.1*1 10.1.0.2*1")]
    public void Compile_SourceRanges_NeverOpenWhatTheyClose(string ranges, string loadBalancer)
    {
        var compiled = Scene.Compile(Exposed with { Exposure = Exposed.Exposure with { SourceRanges = ranges.Split(' ') } }, Backends);
        Assert.Equal(loadBalancer, Scene.Text(compiled.Frontends.Single(frontend => frontend.Type == FrontendType.LoadBalancer).Model));
        Assert.Equal("10.1.0.1*1 10.1.0.2*1", Scene.Text(compiled.Frontends.Single(frontend => frontend.Type == FrontendType.NodePort).Model));
        Assert.Equal(loadBalancer == "nobody" ? ["spec.loadBalancerSourceRanges"] : [], compiled.Problems.Select(problem => problem.Field));
    }

    [Fact]
    public void Compile_Sctp_IsNotBalancedAndSaidOnce()
    {
        var compiled = Scene.Compile(Exposed with { Ports = [new("a", 80, "SCTP"), new("b", 81, "SCTP"), new("c", 82)] }, Backends);
        Assert.All(compiled.Frontends, frontend => Assert.Equal(82, frontend.Frontend.Port));
        Assert.Equal(("Service default/web", "spec.ports[a].protocol", "SCTP is not balanced"), Assert.Single(compiled.Problems) is var problem ? (problem.Subject, problem.Field, problem.Reason) : default);
    }

    [Fact]
    public void Compile_IPv6Addresses_AreNotServedAndSaidOnce()
    {
        var compiled = Scene.Compile(Exposed with { ClusterIP = "fd00::1", Exposure = new() { MoreClusterIPs = ["10.96.0.1"], ExternalIPs = ["fd00::2"] }, Ports = [new("a", 80), new("b", 81)] }, Backends);
        Assert.Equal(["10.96.0.1:80/TCP", "10.96.0.1:81/TCP"], compiled.Frontends.Select(frontend => $"{frontend.Frontend}"));
        Assert.Equal("fd00::1, fd00::2: IPv6 is not balanced yet", Assert.Single(compiled.Problems).Reason);
    }

    [Fact]
    public void Compile_AddressTwiceInOneService_IsOneFrontend()
    {
        var service = Exposed with { Exposure = new() { ExternalIPs = ["192.0.2.1", "10.96.0.1"], LoadBalancerIPs = ["192.0.2.1"] } };
        Assert.Equal(
            ["10.96.0.1:80/TCP ClusterIP", "172.18.0.1:30080/TCP NodePort", "192.0.2.1:80/TCP LoadBalancer"],
            Scene.Compile(service, Backends).Frontends.Select(frontend => $"{frontend.Frontend} {frontend.Type}"));
    }

    [Fact]
    public void Compile_FarTooManyAddresses_IsBoundedAndSaid()
    {
        var service = Exposed with { Exposure = new() { ExternalIPs = [.. Enumerable.Range(0, 5000).Select(i => $"192.{i / 250}.2.{i % 250}")] } };
        var compiled = Scene.Compile(service, Backends);
        Assert.Equal(KernelServices.MostFrontends, compiled.Frontends.Length);
        Assert.Contains("5002 frontends", Assert.Single(compiled.Problems).Reason, StringComparison.Ordinal);
    }
}
