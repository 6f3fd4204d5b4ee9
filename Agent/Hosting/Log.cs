using Microsoft.Extensions.Logging;

namespace ClusterMesh.Agent.Hosting;

/// <summary>What the agent says about itself; ids are stable.</summary>
internal static partial class Log
{
    [LoggerMessage(200, LogLevel.Information, "cluster {Cluster} (id {ClusterId}), node {Node}: ready after {Seconds:0.0} s; {Clusters} clusters, {Services} services")]
    public static partial void Ready(ILogger log, string cluster, int clusterId, string node, double seconds, int clusters, int services);

    [LoggerMessage(201, LogLevel.Critical, "cannot start: {Reason}")]
    public static partial void CannotStart(ILogger log, string reason);

    [LoggerMessage(202, LogLevel.Error, "a change could not be applied; the last good snapshot stays in force")]
    public static partial void NotApplied(ILogger log, Exception exception);

    [LoggerMessage(203, LogLevel.Warning, "not heard within {Timeout}: {Clusters}; going on without them")]
    public static partial void SyncTimeout(ILogger log, TimeSpan timeout, string clusters);

    [LoggerMessage(204, LogLevel.Critical, "{Part} ended unexpectedly, and the agent with it: {Reason}; the kernel goes on as it is")]
    public static partial void VitalPartEnded(ILogger log, string part, string reason, Exception? exception);

    [LoggerMessage(207, LogLevel.Information, "{Signal}: stopping; what was told stays in etcd for {LeaseTtl}")]
    public static partial void Stopping(ILogger log, string signal, TimeSpan leaseTtl);

    [LoggerMessage(208, LogLevel.Warning, "{Problem}")]
    public static partial void NoTelemetry(ILogger log, string problem);

    [LoggerMessage(209, LogLevel.Error, "{Part} ended unexpectedly; the agent goes on without it")]
    public static partial void PartEnded(ILogger log, string part, Exception exception);
}
