using System.Collections.Immutable;
using ClusterMesh.Agent.LoadBalancing;
using ClusterMesh.Agent.Probes;
using ClusterMesh.Bpf.Services;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Sources;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Agent.Tests.LoadBalancing;

/// <summary>From snapshot to snapshot: what is looked at again, and what it comes to.</summary>
public sealed class ServicePlanTests
{
    private const string Global = "service.cilium.io/global=true";
    private const string Backends = "w/n1:10.1.0.1 w/n2:10.1.0.2 e/n1:10.2.0.1";
    private readonly ServicePlan _plan = new(Scene.Node);
    private MeshSnapshot _mesh = new(0, new ClusterObjects("w"), ImmutableSortedDictionary<string, ClusterStatus>.Empty, ImmutableDictionary<ObjectKey, ServiceModel>.Empty, []);
    private IReadOnlyCollection<RemoteObjects> _remotes = Scene.Remotes(Backends);
    private NodeReachability _reachability = Scene.Reachability(Backends);

    [Fact]
    public void Update_FirstSnapshot_TouchesEverything()
    {
        Put(Scene.Service("a", Global), Backends);
        Put(Scene.Service("b", clusterIP: "10.96.0.2"), "w/n2:10.1.0.9");
        Assert.Equal(["10.96.0.1:80/TCP", "10.96.0.2:80/TCP"], Update());
        Assert.Equal("10.2.0.1*1 10.1.0.1*1 10.1.0.2*1", Wanted("10.96.0.1:80/TCP"));
        Assert.Empty(Update());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Update_OneServiceChanges_TouchesThatOneAlone(bool consecutive)
    {
        Put(Scene.Service("a"), "w/n1:10.1.0.1");
        Put(Scene.Service("b", clusterIP: "10.96.0.2"), "w/n1:10.1.0.2");
        Update();
        Put(Scene.Service("b", clusterIP: "10.96.0.2"), "w/n1:10.1.0.3");
        // A snapshot in between was never seen: what it changed is found all the same.
        if (!consecutive) _mesh = _mesh with { Version = _mesh.Version + 1, Changed = [] };
        Assert.Equal(["10.96.0.2:80/TCP"], Update());
        Assert.Equal("10.1.0.3*1", Wanted("10.96.0.2:80/TCP"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Update_ServiceGoes_NobodyWantsItsFrontends(bool consecutive)
    {
        Put(Scene.Service("a"), Backends);
        Update();
        Next(_mesh.Services.Clear(), new("default", "a"));
        if (!consecutive) _mesh = _mesh with { Version = _mesh.Version + 1, Changed = [] };
        Assert.Equal(["10.96.0.1:80/TCP"], Update());
        Assert.Empty(_plan.Frontends);
    }

    [Fact]
    public void Update_NodeGoesAndComesBack_TouchesOnlyServicesWithBackendsThere()
    {
        Put(Scene.Service("a", Global), Backends);
        Put(Scene.Service("b", clusterIP: "10.96.0.2"), "w/n1:10.1.0.5");
        Update();
        _reachability = Scene.Reachability(Backends, "w/n2");
        Assert.Equal(["10.96.0.1:80/TCP"], Update());
        Assert.Equal("10.2.0.1*1 10.1.0.1*1", Wanted("10.96.0.1:80/TCP"));
        // Another round of probes that found the same.
        _reachability = Scene.Reachability(Backends, "w/n2");
        Assert.Empty(Update());
        _reachability = Scene.Reachability(Backends);
        Assert.Equal(["10.96.0.1:80/TCP"], Update());
        Assert.Equal("10.2.0.1*1 10.1.0.1*1 10.1.0.2*1", Wanted("10.96.0.1:80/TCP"));
    }

    [Fact]
    public void Update_PlaceOfABackendIsHeardLate_ItLeavesWithItsNode()
    {
        const string Two = "e/n1:10.2.0.1 e/n2:10.2.0.2";
        (_remotes, _reachability) = (Scene.Remotes("e/n1:10.2.0.1"), Scene.Reachability(Two, "e/n2"));
        Put(Scene.Service("a", Global), Two);
        Update();
        Assert.Equal("10.2.0.1*1 10.2.0.2*1", Wanted("10.96.0.1:80/TCP"));
        _remotes = Scene.Remotes(Two);
        Assert.Equal(["10.96.0.1:80/TCP"], Update());
        Assert.Equal("10.2.0.1*1", Wanted("10.96.0.1:80/TCP"));
    }

    [Fact]
    public void Problems_OfServicesAndConflicts_ComeAndGo()
    {
        Put(Scene.Service("a", age: 2024), Backends);
        Put(Scene.Service("b", age: 2025) with { Ports = [new("http", 80), new("sctp", 81, "SCTP")] }, Backends);
        Update();
        Assert.Equal(["spec.ports[sctp].protocol", "spec.clusterIP"], _plan.Problems.Select(problem => problem.Field));
        Put(Scene.Service("b", clusterIP: "10.96.0.2"), Backends);
        Update();
        Assert.Empty(_plan.Problems);
    }

    private void Put(ServiceObject service, string backends) => Next(_mesh.Services.SetItem(service.Key, Scene.Model(service, backends)), service.Key);

    private void Next(ImmutableDictionary<ObjectKey, ServiceModel> services, ObjectKey changed) =>
        _mesh = _mesh with { Version = _mesh.Version + 1, Services = services, Changed = [changed] };

    private string[] Update()
    {
        var touched = new HashSet<Frontend>();
        _plan.Update(_mesh, _remotes, _reachability, touched);
        return [.. touched.Select(frontend => $"{frontend}").Order(StringComparer.Ordinal)];
    }

    private string Wanted(string frontend) => Scene.Text(_plan.Wanted(_plan.Frontends.Single(candidate => $"{candidate}" == frontend))!.Model);
}
