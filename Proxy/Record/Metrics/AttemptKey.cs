using ClusterMesh.Mesh.Telemetry;

namespace ClusterMesh.Proxy.Record.Metrics;

/// <summary>All labels of an attempt's series, beside its route, in one number.</summary>
internal readonly record struct AttemptKey(ulong Bits)
{
    private const int TargetAt = 5, ClusterAt = TargetAt + RouteSeries.TargetBits;

    public AttemptKey(int target, int cluster, EndReason end)
        : this((uint)end | ((ulong)(uint)target << TargetAt) | ((ulong)(uint)cluster << ClusterAt))
    {
    }

    public EndReason End => (EndReason)(Bits & 31);

    public int Target => (int)(Bits >> TargetAt) & ((1 << RouteSeries.TargetBits) - 1);

    public int Cluster => (int)(Bits >> ClusterAt);
}
