using Microsoft.Extensions.Logging;

namespace ClusterMesh.Mesh.Grpc;

internal static partial class Log
{
    [LoggerMessage(900, LogLevel.Error, "gRPC {Method}: the handler failed; the client is told UNKNOWN")]
    public static partial void HandlerFailed(ILogger log, string method, Exception exception);
}
