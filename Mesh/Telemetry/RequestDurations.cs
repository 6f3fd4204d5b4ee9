using System.Collections.Immutable;

namespace ClusterMesh.Mesh.Telemetry;

/// <summary>The buckets of all durations of requests, at the edge, in proxies and in agents.</summary>
public static class RequestDurations
{
    /// <summary>Seconds; what the semantic conventions advise for http.server.request.duration.</summary>
    public static readonly ImmutableArray<double> Bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    /// <summary>Bounds.Length = longer than the last bound.</summary>
    public static int Bucket(TimeSpan time)
    {
        var (seconds, bucket) = (time.TotalSeconds, 0);
        while (bucket < Bounds.Length && seconds > Bounds[bucket]) bucket++;
        return bucket;
    }
}
