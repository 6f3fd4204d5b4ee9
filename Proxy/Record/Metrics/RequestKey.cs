using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Telemetry;

namespace ClusterMesh.Proxy.Record.Metrics;

/// <summary>All labels of a request's series, beside its route, in one number: a lookup compares no strings.</summary>
/// <remarks>From the low bits: method 4, status 10, target 12, cluster 12, end 5, split 4, reason 4. Target, cluster, split, reason: 0 = none.</remarks>
internal readonly record struct RequestKey(ulong Bits)
{
    private const int StatusAt = 4, TargetAt = 14, ClusterAt = 26, EndAt = 38, SplitAt = 43, ReasonAt = 47;

    public RequestKey(int method, int status, int target, int cluster, EndReason end, SplitReason? split, PoolReason? reason)
        : this((uint)method | ((ulong)(uint)Math.Clamp(status, 0, 999) << StatusAt) | ((ulong)(uint)target << TargetAt) | ((ulong)(uint)cluster << ClusterAt)
            | ((ulong)(uint)end << EndAt) | ((ulong)(uint)((int?)split + 1 ?? 0) << SplitAt) | ((ulong)(uint)((int?)reason + 1 ?? 0) << ReasonAt))
    {
    }

    public int Method => At(0, 4);

    public int Status => At(StatusAt, 10);

    public int Target => At(TargetAt, RouteSeries.TargetBits);

    public int Cluster => At(ClusterAt, ClusterNumbers.Bits);

    public EndReason End => (EndReason)At(EndAt, 5);

    public SplitReason? Split => At(SplitAt, 4) is > 0 and var split ? (SplitReason)(split - 1) : null;

    public PoolReason? Reason => At(ReasonAt, 4) is > 0 and var reason ? (PoolReason)(reason - 1) : null;

    /// <summary>Only what ingress-nginx's series tell apart: target, status and method. No property: a record prints those, without end here.</summary>
    public RequestKey Coarsen() => new(Bits & ((1UL << ClusterAt) - 1));

    public static RequestKey Of(Exchange exchange, int status)
    {
        var method = RequestMethods.Number(exchange.Context.Request.Method);
        if (!exchange.Decided) return new(method, status, 0, 0, exchange.End, null, null);
        var target = exchange.Target!.Number;
        return exchange.Backend is { } backend
            ? new(method, status, target, backend.ClusterNumber, exchange.End, exchange.Split, exchange.Reason)
            : new(method, status, target, 0, exchange.End, exchange.Split, null);
    }

    private int At(int bit, int width) => (int)((Bits >> bit) & ((1UL << width) - 1));
}
