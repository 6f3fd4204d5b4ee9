using ClusterMesh.Agent.LoadBalancing;
using ClusterMesh.Bpf.Services;

namespace ClusterMesh.Agent.Tests.LoadBalancing;

/// <summary>From snapshot to snapshot: what is looked at again, and what it comes to.</summary>
public sealed class ServicePlanTests
{
    private const string Global = "service.cilium.io/global=true";
    private const string Backends = "w/n1:10.1.0.1 w/n2:10.1.0.2 e/n1:10.2.0.1";
    private readonly ServicePlan _plan = new(Scene.Node);
    private readonly MeshSteps _mesh = new(Backends);

    [Fact]
    public void Update_FirstSnapshot_TouchesEverything()
    {
        _mesh.Put(Scene.Service("a", Global), Backends);
        _mesh.Put(Scene.Service("b", clusterIP: "10.96.0.2"), "w/n2:10.1.0.9");
        Assert.Equal(["10.96.0.1:80/TCP", "10.96.0.2:80/TCP"], Update());
        Assert.Equal("10.1.0.1*1 10.1.0.2*1 10.2.0.1*1", Wanted("10.96.0.1:80/TCP"));
        Assert.Empty(Update());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Update_OneServiceChanges_TouchesThatOneAlone(bool consecutive)
    {
        _mesh.Put(Scene.Service("a"), "w/n1:10.1.0.1");
        _mesh.Put(Scene.Service("b", clusterIP: "10.96.0.2"), "w/n1:10.1.0.2");
        Update();
        _mesh.Put(Scene.Service("b", clusterIP: "10.96.0.2"), "w/n1:10.1.0.3");
        // A snapshot in between was never seen: what it changed is found all the same.
        if (!consecutive) _mesh.Skip();
        Assert.Equal(["10.96.0.2:80/TCP"], Update());
        Assert.Equal("10.1.0.3*1", Wanted("10.96.0.2:80/TCP"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Update_ServiceGoes_NobodyWantsItsFrontends(bool consecutive)
    {
        _mesh.Put(Scene.Service("a"), Backends);
        Update();
        _mesh.Remove("a");
        if (!consecutive) _mesh.Skip();
        Assert.Equal(["10.96.0.1:80/TCP"], Update());
        Assert.Empty(_plan.Frontends);
    }

    [Fact]
    public void Update_NodeGoesAndComesBack_TouchesOnlyServicesWithBackendsThere()
    {
        _mesh.Put(Scene.Service("a", Global), Backends);
        _mesh.Put(Scene.Service("b", clusterIP: "10.96.0.2"), "w/n1:10.1.0.5");
        Update();
        _mesh.Reachability = Scene.Reachability(Backends, "w/n2");
        Assert.Equal(["10.96.0.1:80/TCP"], Update());
        Assert.Equal("10.1.0.1*1 10.2.0.1*1", Wanted("10.96.0.1:80/TCP"));
        // Another round of probes that found the same.
        _mesh.Reachability = Scene.Reachability(Backends, "w/n2");
        Assert.Empty(Update());
        _mesh.Reachability = Scene.Reachability(Backends);
        Assert.Equal(["10.96.0.1:80/TCP"], Update());
        Assert.Equal("10.1.0.1*1 10.1.0.2*1 10.2.0.1*1", Wanted("10.96.0.1:80/TCP"));
    }

    [Fact]
    public void Update_PlaceOfABackendIsHeardLate_ItLeavesWithItsNode()
    {
        const string Two = "e/n1:10.2.0.1 e/n2:10.2.0.2";
        (_mesh.Remotes, _mesh.Reachability) = (Scene.Remotes("e/n1:10.2.0.1"), Scene.Reachability(Two, "e/n2"));
        _mesh.Put(Scene.Service("a", Global), Two);
        Update();
        Assert.Equal("10.2.0.1*1 10.2.0.2*1", Wanted("10.96.0.1:80/TCP"));
        _mesh.Remotes = Scene.Remotes(Two);
        Assert.Equal(["10.96.0.1:80/TCP"], Update());
        Assert.Equal("10.2.0.1*1", Wanted("10.96.0.1:80/TCP"));
    }

    [Fact]
    public void Problems_OfServicesAndConflicts_ComeAndGo()
    {
        _mesh.Put(Scene.Service("a", age: 2024), Backends);
        _mesh.Put(Scene.Service("b", age: 2025) with { Ports = [new("http", 80), new("sctp", 81, "SCTP")] }, Backends);
        Update();
        Assert.Equal(["spec.ports[sctp].protocol", "spec.clusterIP"], _plan.Problems.Select(problem => problem.Field));
        _mesh.Put(Scene.Service("b", clusterIP: "10.96.0.2"), Backends);
        Update();
        Assert.Empty(_plan.Problems);
    }

    private string[] Update()
    {
        var touched = new HashSet<Frontend>();
        _plan.Update(_mesh.Now, _mesh.Remotes, _mesh.Reachability, touched);
        return [.. touched.Select(frontend => $"{frontend}").Order(StringComparer.Ordinal)];
    }

    private string Wanted(string frontend) => Scene.Text(_plan.Wanted(_plan.Frontends.Single(candidate => $"{candidate}" == frontend))!.Model);
}
