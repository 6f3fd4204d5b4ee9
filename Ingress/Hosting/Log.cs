using Microsoft.Extensions.Logging;

namespace ClusterMesh.Ingress.Hosting;

/// <summary>What the gateway says about itself; ids are stable.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "cluster {Cluster}: ready with snapshot {Version}, listening on {Listeners}")]
    public static partial void Ready(ILogger log, string cluster, long version, string listeners);

    [LoggerMessage(101, LogLevel.Critical, "cannot start: {Reason}")]
    public static partial void CannotStart(ILogger log, string reason);

    [LoggerMessage(102, LogLevel.Error, "a change could not be applied; the last good snapshot stays in force")]
    public static partial void NotApplied(ILogger log, Exception exception);

    [LoggerMessage(103, LogLevel.Information, "snapshot {Version} applied: {Routes} routes, {Services} services, {Problems} problems")]
    public static partial void Applied(ILogger log, long version, int routes, int services, int problems);

    [LoggerMessage(109, LogLevel.Debug, "snapshot {Version} applied: {Services} services with other backends")]
    public static partial void BackendsApplied(ILogger log, long version, int services);

    [LoggerMessage(106, LogLevel.Information, "{Signal}: not ready any more; stopping in {Delay}")]
    public static partial void Draining(ILogger log, string signal, TimeSpan delay);
}
