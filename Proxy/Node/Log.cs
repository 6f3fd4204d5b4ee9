using Microsoft.Extensions.Logging;

namespace ClusterMesh.Proxy.Node;

/// <summary>What the node proxy says about itself; ids are stable.</summary>
internal static partial class Log
{
    [LoggerMessage(401, LogLevel.Information, "cluster {Cluster}, node {Node}: ready with snapshot {Version}")]
    public static partial void Ready(ILogger log, string cluster, string node, long version);

    [LoggerMessage(402, LogLevel.Critical, "cannot start: {Reason}")]
    public static partial void CannotStart(ILogger log, string reason);

    [LoggerMessage(403, LogLevel.Error, "a change could not be applied; the last good snapshot stays in force")]
    public static partial void NotApplied(ILogger log, Exception exception);

    [LoggerMessage(408, LogLevel.Warning, "admin pages: {Address} is another's, perhaps the proxy's before this one; it is tried again")]
    public static partial void AdminTaken(ILogger log, string address);

    [LoggerMessage(405, LogLevel.Information, "no new connections any more; {Open} are open and get up to {Time}")]
    public static partial void Draining(ILogger log, int open, TimeSpan time);
}
