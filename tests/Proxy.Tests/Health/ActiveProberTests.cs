using ClusterMesh.Mesh.Services;
using ClusterMesh.Proxy.Tests.Support;
using ClusterMesh.Tests;

namespace ClusterMesh.Proxy.Tests.Health;

/// <summary>Active health against real backends: who fails its probes takes nothing, without a request having to find out.</summary>
public sealed class ActiveProberTests
{
    private static readonly HealthCheckModel s_check = new("/healthz", TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500), UnhealthyAfter: 2, HealthyAfter: 1);

    [Theory]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("")]
    public async Task Probe_Fails_TrafficGoesElsewhereAndComesBack(string sick)
    {
        var reply = RawBackend.Ok;
        await using var west = RawBackend.Whole("west", (connection, request) => connection.SendAsync(request.StartLine.Contains("/healthz", StringComparison.Ordinal) ? Volatile.Read(ref reply) : RawBackend.Ok));
        await using var east = RawBackend.Answering("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", west, east).Probed("web", s_check).Route("web"));
        await Eventually.TrueAsync(() => west.Seen.Any(request => request.StartLine == "GET /healthz HTTP/1.1"), "the backend is probed");
        Assert.True(proxy.Health(west).Healthy);

        Volatile.Write(ref reply, sick);
        await Eventually.TrueAsync(() => proxy.Health(west).ProbeFailing, "it fails its probes");
        Assert.Equal(("east", PoolReason.Failover), Chosen(proxy));
        Assert.Equal(200, (await proxy.SendAsync("GET /thing HTTP/1.1\r\nHost: a\r\n\r\n")).Status);
        Assert.DoesNotContain(west.Seen, request => request.StartLine.Contains("/thing", StringComparison.Ordinal));

        Volatile.Write(ref reply, RawBackend.Ok);
        await Eventually.TrueAsync(() => !proxy.Health(west).ProbeFailing, "it passes its probes again");
        Assert.Equal(("west", PoolReason.Affinity), Chosen(proxy));
    }

    [Fact]
    public async Task Probe_NoLongerAskedFor_IsForgotten()
    {
        await using var west = RawBackend.Answering("west", "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", west).Probed("web", s_check).Route("web"));
        await Eventually.TrueAsync(() => proxy.Health(west).ProbeFailing, "it fails its probes");
        proxy.Apply(mesh => mesh.Service("web", west).Route("web"));
        await Eventually.TrueAsync(() => proxy.Health(west).Healthy, "nobody holds its probes against it");
    }

    private static (string Clusters, PoolReason Reason) Chosen(ProxyFixture proxy)
    {
        var selection = proxy.Selection("web");
        return (selection.Clusters, selection.Pools[0].Reason);
    }
}
