using System.Globalization;
using ClusterMesh.Mesh.Telemetry.Prometheus;
using ClusterMesh.Proxy.Record.Metrics;

namespace ClusterMesh.Proxy.Record.Prometheus;

/// <summary>A reading of durations as a histogram of the family under way.</summary>
internal static class DurationHistogram
{
    private static readonly string[] s_bounds = [.. RequestSeries.Bounds.Select(bound => bound.ToString(CultureInfo.InvariantCulture)), "+Inf"];

    public static void Histogram(this MetricText text, in DurationReading reading, double ticksPerSecond)
    {
        Span<long> counts = stackalloc long[RequestSeries.Buckets];
        for (var i = 0; i < counts.Length; i++) counts[i] = reading.Counts[i];
        text.Histogram(counts, s_bounds, reading.Ticks / ticksPerSecond);
    }
}
