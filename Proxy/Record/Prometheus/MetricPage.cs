using ClusterMesh.Mesh.Telemetry.Prometheus;
using System.IO.Pipelines;
using ClusterMesh.Proxy.Routing;

namespace ClusterMesh.Proxy.Record.Prometheus;

/// <summary>A page of metrics under way to a scraper: written as it grows, so that ten thousand routes need no large buffer.</summary>
internal sealed class MetricPage(PipeWriter to, ProxyCore proxy, Route? direct, CancellationToken stop)
{
    private const int Piece = 64 * 1024;

    public MetricText Text { get; } = new(to);

    public ProxyCore Proxy => proxy;

    /// <summary>Each route once, the default one and the direct ones' too; taken when the page was begun.</summary>
    public IReadOnlyList<Route> Routes { get; } = [.. RoutesOf(proxy.State.Snapshot), .. direct is null ? Array.Empty<Route>() : [direct]];

    /// <summary>Sends what is written so far once it is enough to be worth it.</summary>
    public async ValueTask PaceAsync()
    {
        if (to.UnflushedBytes >= Piece) await to.FlushAsync(stop);
    }

    private static Route[] RoutesOf(ProxySnapshot? snapshot) =>
        snapshot is null ? [] : [.. snapshot.Routes.Concat(snapshot.Default is { } fallback ? [fallback] : []).DistinctBy(route => route.State)];
}
