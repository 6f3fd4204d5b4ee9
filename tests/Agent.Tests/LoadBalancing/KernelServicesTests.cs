using ClusterMesh.Agent.LoadBalancing;
using ClusterMesh.Agent.Probes;

namespace ClusterMesh.Agent.Tests.LoadBalancing;

/// <summary>Who takes new connections of a ClusterIP, with which weight, and who keeps those it has.</summary>
public sealed class KernelServicesTests
{
    private const string Global = "service.cilium.io/global=true ", Local = Global + "service.cilium.io/affinity=local ", Remote = Global + "service.cilium.io/affinity=remote ";
    private const string TwoAndTwo = "w/n1:10.1.0.1 w/n2:10.1.0.2 e/n1:10.2.0.1 e/n2:10.2.0.2";
    private const string Three = "w/n1:10.1.0.1 e/n1:10.2.0.1 n/n1:10.3.0.1";

    [Theory]
    // Affinity (cilium.md 1.6). Whoever is not chosen keeps its connections.
    [InlineData("", "w/n1:10.1.0.1 w/n2:10.1.0.2", "", "10.1.0.1*1 10.1.0.2*1")]
    [InlineData(Global, TwoAndTwo, "", "10.1.0.1*1 10.1.0.2*1 10.2.0.1*1 10.2.0.2*1")]
    [InlineData(Local, TwoAndTwo, "", "10.1.0.1*1 10.1.0.2*1, draining 10.2.0.1 10.2.0.2")]
    [InlineData(Remote, TwoAndTwo, "", "10.2.0.1*1 10.2.0.2*1, draining 10.1.0.1 10.1.0.2")]
    [InlineData(Local, "e/n1:10.2.0.1", "", "10.2.0.1*1")]
    [InlineData(Remote, "w/n1:10.1.0.1", "", "10.1.0.1*1")]
    [InlineData(Local, "", "", "nobody")]
    // Terminating and not ready ones.
    [InlineData("", "w/n1:10.1.0.1 w/n2:10.1.0.2T w/n2:10.1.0.3N", "", "10.1.0.1*1, draining 10.1.0.2 10.1.0.3")]
    [InlineData("", "w/n1:10.1.0.1T w/n2:10.1.0.2N", "", "10.1.0.1*1, draining 10.1.0.2")]
    [InlineData("", "w/n1:10.1.0.1N", "", "nobody, draining 10.1.0.1")]
    [InlineData(Local, "w/n1:10.1.0.1T e/n1:10.2.0.1", "", "10.2.0.1*1, draining 10.1.0.1")]
    // Nodes that are gone: out, and not draining either.
    [InlineData("", "w/n1:10.1.0.1 w/n2:10.1.0.2", "w/n2", "10.1.0.1*1")]
    [InlineData("", "w/n1:10.1.0.1 w/n2:10.1.0.2T", "w/n2", "10.1.0.1*1")]
    [InlineData(Global, TwoAndTwo, "e/n2 w/n2", "10.1.0.1*1 10.2.0.1*1")]
    [InlineData(Remote, TwoAndTwo, "e/n2", "10.2.0.1*1, draining 10.1.0.1 10.1.0.2")]
    [InlineData(Remote, TwoAndTwo, "e/n1 e/n2", "10.1.0.1*1 10.1.0.2*1")]
    [InlineData(Global, TwoAndTwo, "e/n1 e/n2", "10.1.0.1*1 10.1.0.2*1")]
    // Panic: all are on nodes that are gone, so all are tried.
    [InlineData("", "w/n2:10.1.0.2 w/n3:10.1.0.3", "w/n2 w/n3", "10.1.0.2*1 10.1.0.3*1")]
    [InlineData("", "w/n2:10.1.0.2 w/n3:10.1.0.3T", "w/n2", "10.1.0.3*1")]
    // Weights: a cluster's share is spread evenly over its backends.
    [InlineData(Global + "clustermesh.io/cluster-weights=w=75,e=25", TwoAndTwo, "", "10.1.0.1*3 10.1.0.2*3 10.2.0.1*1 10.2.0.2*1")]
    [InlineData(Global + "clustermesh.io/cluster-weights=w=1,e=1", "w/n1:10.1.0.1 e/n1:10.2.0.1 e/n2:10.2.0.2 e/n2:10.2.0.3", "", "10.1.0.1*3 10.2.0.1*1 10.2.0.2*1 10.2.0.3*1")]
    [InlineData(Global + "clustermesh.io/cluster-weights=w=0,e=1", TwoAndTwo, "", "10.2.0.1*1 10.2.0.2*1, draining 10.1.0.1 10.1.0.2")]
    [InlineData(Global + "clustermesh.io/cluster-weights=w=50,e=30,n=20", Three, "e/n1", "10.1.0.1*5 10.3.0.1*2")]
    // Order and spilling.
    [InlineData(Local + "clustermesh.io/cluster-order=n,e", "w/n2:10.1.0.1 e/n1:10.2.0.1 n/n1:10.3.0.1", "w/n2", "10.3.0.1*1, draining 10.2.0.1")]
    [InlineData(Local + "clustermesh.io/min-healthy=50%", "w/n1:10.1.0.1 w/n2:10.1.0.2 w/n2:10.1.0.3 w/n2:10.1.0.4 e/n1:10.2.0.1", "w/n2", "10.1.0.1*1 10.2.0.1*1")]
    // Two clusters that claim one address are one backend.
    [InlineData(Global, "w/n1:10.1.0.1 e/n1:10.1.0.1 e/n1:10.2.0.2", "", "10.1.0.1*2 10.2.0.2*1")]
    // Another family than the frontend's.
    [InlineData("", "w/n1:10.1.0.1 w/n1:fd00::1", "", "10.1.0.1*1")]
    public void Compile_ClusterIP_GoesWhereTheRulesSay(string annotations, string backends, string gone, string expected)
    {
        var frontend = Assert.Single(Scene.Compile(Scene.Service(annotations: annotations), backends, gone).Frontends);
        Assert.Equal("10.96.0.1:80/TCP", $"{frontend.Frontend}");
        Assert.Equal(expected, Scene.Text(frontend.Model));
        Assert.False(frontend.Model.External);
    }

    [Fact]
    public void Compile_ClusterOfNodesThatAreGone_IsGoneWithBackendsOfUnknownPlace()
    {
        var view = Scene.View("e/n1:10.2.0.9", "e/n1");
        var service = Scene.Model(Scene.Service(annotations: Global), "w/n1:10.1.0.1 e/n7:10.2.0.1");
        Assert.Equal("10.1.0.1*1", Scene.Text(KernelServices.Compile(service, view).Frontends[0].Model));
    }

    [Fact]
    public void Compile_EveryOtherNodeOfTheOwnClusterIsGone_TheOwnClusterIsNot()
    {
        // Probes may not speak of the node that they start from.
        var probed = new NodeReachability(Scene.Reachability("w/n2:10.1.0.2", "w/n2").Nodes.Remove("w/n1"));
        var view = Scene.View("") with { Unreachable = UnreachableNodes.Of(probed, "w", UnreachableNodes.None) };
        Assert.Equal("10.1.0.1*1", Scene.Text(KernelServices.Compile(Scene.Model(Scene.Service(), "w/n1:10.1.0.1 w/n2:10.1.0.2"), view).Frontends[0].Model));
    }

    [Fact]
    public void Compile_BackendOfUnknownPlace_StaysWhenSomeNodeIsGone()
    {
        var view = Scene.View("e/n1:10.2.0.8 e/n2:10.2.0.9", "e/n1");
        var service = Scene.Model(Scene.Service(annotations: Global), "e/n1:10.2.0.1");
        Assert.Equal("10.2.0.1*1", Scene.Text(KernelServices.Compile(service, view).Frontends[0].Model));
    }

    [Fact]
    public void Compile_MinHealthy_RemembersThatItSpills()
    {
        const string Backends = "w/n1:10.1.0.1 w/n2:10.1.0.2 w/n3:10.1.0.3 w/n4:10.1.0.4 e/n1:10.2.0.1";
        var service = Scene.Service(annotations: Local + "clustermesh.io/min-healthy=50%");
        var spilling = Scene.Compile(service, Backends, "w/n2 w/n3 w/n4");
        Assert.Equal("10.1.0.1*1 10.2.0.1*1", Scene.Text(spilling.Frontends[0].Model));
        // Half of them are enough, but not to come back.
        Assert.Equal("10.1.0.1*1 10.1.0.2*1, draining 10.2.0.1", Scene.Text(Scene.Compile(service, Backends, "w/n3 w/n4").Frontends[0].Model));
        Assert.Contains("10.2.0.1*", Scene.Text(Scene.Compile(service, Backends, "w/n3 w/n4", spilling).Frontends[0].Model).Split(", ")[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("clustermesh.io/load-balance=random", true)]
    [InlineData("clustermesh.io/load-balance=round_robin", false)]
    [InlineData("clustermesh.io/hash-by=client-address", false)]
    public void Compile_LoadBalance_IsMaglevUnlessRandomIsAsked(string annotation, bool random) =>
        Assert.Equal(random, Scene.Compile(Scene.Service(annotations: annotation), "w/n1:10.1.0.1").Frontends[0].Model.Random);

    [Fact]
    public void Compile_ClientIpAffinity_LastsAsLongAsTheServiceSays()
    {
        var service = Scene.Service() with { ClientAffinity = TimeSpan.FromMinutes(5) };
        Assert.Equal(TimeSpan.FromMinutes(5), Scene.Compile(service, "w/n1:10.1.0.1").Frontends[0].Model.Affinity);
        Assert.Equal(TimeSpan.Zero, Scene.Compile(Scene.Service(), "w/n1:10.1.0.1").Frontends[0].Model.Affinity);
    }

    [Fact]
    public void Compile_UdpPort_IsAFrontendOfItsOwn()
    {
        var service = Scene.Service() with { Ports = [new("tcp", 53), new("udp", 53, "UDP")] };
        Assert.Equal(["10.96.0.1:53/TCP", "10.96.0.1:53/UDP"], Scene.Compile(service, "w/n1:10.1.0.1").Frontends.Select(frontend => $"{frontend.Frontend}"));
    }

    [Fact]
    public void Compile_SameInputOfAnotherCluster_HasTheSameOrder()
    {
        var model = Scene.Model(Scene.Service(annotations: Global), TwoAndTwo);
        var east = Scene.View(TwoAndTwo, node: new("e", "n1", []));
        Assert.Equal(KernelServices.Compile(model, Scene.View(TwoAndTwo)).Frontends[0].Model, KernelServices.Compile(model, east).Frontends[0].Model);
    }

    [Theory]
    [InlineData("None", "ClusterIP")]
    [InlineData(null, "ClusterIP")]
    [InlineData("10.96.0.1", "ExternalName")]
    public void Compile_NothingToBalance_MakesNoFrontends(string? clusterIP, string type)
    {
        var compiled = Scene.Compile(Scene.Service(clusterIP: clusterIP, type: type), "w/n1:10.1.0.1");
        Assert.Empty(compiled.Frontends);
        Assert.Empty(compiled.Problems);
    }
}
