using System.Security.Authentication;
using ClusterMesh.Mesh.Hosting;

namespace ClusterMesh.Mesh.Grpc;

/// <summary>HTTP/2 below gRPC: how it is connected, and what its failures mean.</summary>
internal static class GrpcTransport
{
    private const string UnixScheme = "unix";
    private const int StreamWindow = 4 * 1024 * 1024;

    public static Uri BaseOf(Uri address) => address.Scheme == UnixScheme ? new("http://localhost") : address;

    public static SocketsHttpHandler Handler(Uri address, GrpcChannelConfig config)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = config.ConnectTimeout,
            KeepAlivePingDelay = config.KeepAlive,
            KeepAlivePingTimeout = config.KeepAliveTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            InitialHttp2StreamWindowSize = StreamWindow,
        };
        if (config.Tls is { } tls)
            handler.SslOptions = tls;
        if (address.Scheme == Uri.UriSchemeHttps)
            handler.PlaintextStreamFilter = (context, _) => new(new TlsRefusalStream(context.PlaintextStream));
        if (address.Scheme == UnixScheme)
            handler.ConnectCallback = (_, cancel) => UnixSocket.ConnectAsync(Uri.UnescapeDataString(address.AbsolutePath), cancel);
        return handler;
    }

    /// <summary>What an exception of the handler says about the call: UNAVAILABLE, and whether the server can have seen it.</summary>
    /// <param name="secure">The channel speaks TLS.</param>
    public static GrpcException Failure(Exception e, bool secure)
    {
        var reason = Reason(e);
        if (IsBeforeHttp2(e))
            return new(GrpcStatus.Unavailable, secure ? $"TLS: {TlsRefusalStream.Text}" : reason, e) { Break = secure ? GrpcBreak.Tls : GrpcBreak.NotSent };
        if (IsTls(e))
            return new(GrpcStatus.Unavailable, $"TLS: {reason}", e) { Break = GrpcBreak.Tls };
        return new(GrpcStatus.Unavailable, reason, e) { Break = IsNotSent(e) ? GrpcBreak.NotSent : GrpcBreak.Broken };
    }

    // The handler has its own word for a connection that ended before the server's settings came, and loses the cause that
    // TlsRefusalStream gave; what fails later has a cause inside.
    private static bool IsBeforeHttp2(Exception e) =>
        e is HttpRequestException { InnerException: null, StatusCode: null, HttpRequestError: HttpRequestError.Unknown or HttpRequestError.HttpProtocolError };

    private static bool IsNotSent(Exception e) => e switch
    {
        ObjectDisposedException => true,
        // The handler's own timer, for the connection only.
        OperationCanceledException { InnerException: TimeoutException } => true,
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.VersionNegotiationError } => true,
        _ => false,
    };

    private static bool IsTls(Exception? e)
    {
        while (e is not (null or AuthenticationException or HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError })) e = e.InnerException;
        return e is not null;
    }

    /// <summary>The innermost text says most: "Connection refused", "certificate has expired".</summary>
    private static string Reason(Exception e)
    {
        while (e.InnerException is { } inner) e = inner;
        return e.Message;
    }
}
