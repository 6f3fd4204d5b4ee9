using System.Diagnostics.Metrics;
using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Mesh.Telemetry;

/// <summary>How long news of other clusters take: from the moment the agent received an etcd event to the snapshot in force.</summary>
public static class PropagationMeter
{
    public const string Name = "ClusterMesh.Propagation";

    private static readonly Meter s_meter = new(Name);

    private static readonly Histogram<double> s_duration = s_meter.CreateHistogram(
        "clustermesh.propagation.duration", "s", "From the receipt of an etcd event to the snapshot in force, of the oldest change in each snapshot.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });

    /// <summary>Called where a snapshot has just taken effect.</summary>
    public static void Applied(MeshSnapshot mesh, TimeProvider time)
    {
        if (mesh.OldestChange > 0) s_duration.Record(time.GetElapsedTime(mesh.OldestChange).TotalSeconds);
    }
}
