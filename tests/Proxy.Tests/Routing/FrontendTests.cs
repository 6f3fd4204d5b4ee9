using ClusterMesh.Proxy.Tests.Support;

namespace ClusterMesh.Proxy.Tests.Routing;

/// <summary>Connections that were sent to a port of a service follow that port's routes, and none of the edge's.</summary>
public sealed class FrontendTests
{
    [Fact]
    public async Task Frontends_EachHasItsOwnRoutes()
    {
        await using var web = RawBackend.Answering("web");
        await using var api = RawBackend.Answering("api");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", web).Service("api", api).Route("web").Frontend("api", "api").Frontend("old", "web", "/only"));
        Assert.Equal(200, await StatusAsync(proxy, "/", null));
        Assert.Equal((1, 0), (web.Count, api.Count));
        Assert.Equal(200, await StatusAsync(proxy, "/x", "api"));
        Assert.Equal((1, 1), (web.Count, api.Count));
        Assert.Equal(200, await StatusAsync(proxy, "/only/this", "old"));
        Assert.Equal((2, 1), (web.Count, api.Count));
        Assert.Equal(404, await StatusAsync(proxy, "/", "old"));
        Assert.Equal(404, await StatusAsync(proxy, "/", "unknown"));
        Assert.Equal((2, 1), (web.Count, api.Count));
    }

    [Fact]
    public async Task Frontends_NothingOfThemChanged_KeepTheirMatchers()
    {
        await using var web = RawBackend.Answering("web");
        await using var more = RawBackend.Answering("web");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", web));
        var builder = new MeshBuilder().Service("web", web).Frontend("web", "web");
        var (mesh, routes) = builder.Build(2);
        proxy.Core.State.Apply(mesh, routes);
        var before = Assert.Single(proxy.Core.State.Snapshot!.Frontends).Value;
        var other = new MeshBuilder().Service("api", more).Frontend("api", "api").Build(3).Routes.Frontends;
        proxy.Core.State.Apply(mesh with { Version = 3 }, routes with { Frontends = routes.Frontends.AddRange(other) });
        Assert.Equal(2, proxy.Core.State.Snapshot!.Frontends.Count);
        Assert.Same(before, proxy.Core.State.Snapshot.Frontends[(MeshBuilder.Key("web"), 80)]);
        proxy.Core.State.Apply(mesh with { Version = 4 }, routes with { Frontends = other });
        Assert.Equal(MeshBuilder.Key("api"), Assert.Single(proxy.Core.State.Snapshot.Frontends).Key.Service);
    }

    private static async Task<int> StatusAsync(ProxyFixture proxy, string path, string? frontend) =>
        (await proxy.SendAsync($"GET {path} HTTP/1.1\r\nHost: a\r\n{(frontend is null ? "" : $"{ProxyFixture.FrontendHeader}: {frontend}\r\n")}\r\n")).Status;
}
