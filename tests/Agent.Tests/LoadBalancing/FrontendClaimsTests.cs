using ClusterMesh.Agent.LoadBalancing;
using ClusterMesh.Bpf.Services;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Agent.Tests.LoadBalancing;

/// <summary>Two services that want the same address and port.</summary>
public sealed class FrontendClaimsTests
{
    private const string Backends = "w/n1:10.1.0.1";
    private readonly FrontendClaims _claims = new("w");

    [Theory]
    [InlineData(2024, 2025, "a")]
    [InlineData(2025, 2024, "b")]
    [InlineData(2024, 2024, "a")]
    [InlineData(null, 2025, "b")]
    [InlineData(null, null, "a")]
    public void Winner_SameClusterIP_IsTheOldestThenByName(int? ageOfA, int? ageOfB, string winner)
    {
        Add(Scene.Service("b", age: ageOfB));
        Add(Scene.Service("a", age: ageOfA));
        Assert.Equal(winner, Winner("10.96.0.1:80/TCP"));
        var problem = Assert.Single(_claims.Conflicts());
        Assert.Equal(($"Service default/{(winner == "a" ? "b" : "a")}", "spec.clusterIP", $"10.96.0.1:80/TCP is Service default/{winner}'s, who had it first"), (problem.Subject, problem.Field, problem.Reason));
    }

    [Fact]
    public void Winner_SameNodePort_IsTheOldestAndTheOtherKeepsItsClusterIP()
    {
        Add(Scene.Service("a", clusterIP: "10.96.0.1", type: "NodePort", age: 2025, nodePort: 30080));
        Add(Scene.Service("b", clusterIP: "10.96.0.2", type: "NodePort", age: 2024, nodePort: 30080));
        Assert.Equal(["a", "b", "b"], new[] { "10.96.0.1:80/TCP", "10.96.0.2:80/TCP", "172.18.0.1:30080/TCP" }.Select(Winner));
        Assert.Equal(("Service default/a", "spec.ports[].nodePort"), Assert.Single(_claims.Conflicts()) is var problem ? (problem.Subject, problem.Field) : default);
    }

    [Fact]
    public void Winner_ClusterIPWrittenAsExternalIPByAnOlderService_StaysItsOwners()
    {
        Add(Scene.Service("owner", age: 2025));
        Add(Scene.Service("thief", clusterIP: "10.96.0.2", age: 2024) with { Exposure = new() { ExternalIPs = ["10.96.0.1"] } });
        Assert.Equal("owner", Winner("10.96.0.1:80/TCP"));
        Assert.Equal("spec.externalIPs", Assert.Single(_claims.Conflicts()).Field);
    }

    [Fact]
    public void Replace_WinnerGoes_TheNextOneHasItAndNobodyComplains()
    {
        Add(Scene.Service("c", age: 2026));
        var first = Add(Scene.Service("a", age: 2024));
        Add(Scene.Service("b", age: 2025));
        Assert.Equal(2, _claims.Conflicts().Count());
        _claims.Replace(first, null);
        Assert.Equal("b", Winner("10.96.0.1:80/TCP"));
        Assert.Equal("Service default/c", Assert.Single(_claims.Conflicts()).Subject);
    }

    [Fact]
    public void Replace_AddressChanges_TheOldOneIsNobodys()
    {
        var before = Add(Scene.Service("a"));
        _claims.Replace(before, Scene.Compile(Scene.Service("a", clusterIP: "10.96.0.7"), Backends));
        Assert.Equal(["10.96.0.7:80/TCP"], _claims.Frontends.Select(frontend => $"{frontend}"));
        Assert.Null(_claims.Winner(before.Frontends[0].Frontend));
        Assert.Empty(_claims.Conflicts());
    }

    private KernelService Add(ServiceObject service)
    {
        var compiled = Scene.Compile(service, Backends);
        _claims.Replace(null, compiled);
        return compiled;
    }

    private string? Winner(string frontend) => _claims.Winner(_claims.Frontends.Single(candidate => $"{candidate}" == frontend))?.Service.Key.Name;
}
