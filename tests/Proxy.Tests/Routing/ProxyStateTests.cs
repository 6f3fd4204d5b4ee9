using ClusterMesh.Mesh.Routes;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Proxy.Health;
using ClusterMesh.Proxy.Routing;
using ClusterMesh.Proxy.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterMesh.Proxy.Tests.Routing;

public sealed class ProxyStateTests
{
    private readonly HealthTable _health = new(new(), TimeProvider.System, NullLogger<HealthTable>.Instance);
    private readonly ProxyState _state;

    public ProxyStateTests() => _state = new(_health, TimeProvider.System);

    [Fact]
    public async Task Apply_ServiceGone_RequestsOnItsOldRouteStillHaveItsBackends()
    {
        await using var backend = RawBackend.Answering("west");
        Apply(1, mesh => mesh.Service("web", backend).Route("web"));
        var old = Find()!.Targets[0].Port!;
        Apply(2, static _ => { });
        Assert.Null(Find());
        Assert.Null(_state.Port(MeshBuilder.Key("web"), 80));
        Assert.True(old.Now.HasHealthy);
        Assert.Equal(0, _health.Count);
    }

    [Fact]
    public async Task Apply_NothingChanged_KeepsRoutesAndPorts()
    {
        await using var backend = RawBackend.Answering("west");
        var built = Build(1, mesh => mesh.Service("web", backend).Route("web"));
        _state.Apply(built.Mesh, built.Routes);
        var before = Find();
        _state.Apply(built.Mesh with { Version = 2 }, built.Routes);
        Assert.Same(before, Find());
        Assert.Equal((2, 1), (_state.Snapshot!.Version, _health.Count));
    }

    private Route? Find() => _state.Snapshot!.Matcher.Find("any.example", "/", "GET", new HeaderDictionary());

    private void Apply(long version, Action<MeshBuilder> mesh)
    {
        var built = Build(version, mesh);
        _state.Apply(built.Mesh, built.Routes);
    }

    private static (MeshSnapshot Mesh, RouteTable Routes) Build(long version, Action<MeshBuilder> mesh)
    {
        var builder = new MeshBuilder();
        mesh(builder);
        return builder.Build(version);
    }
}
