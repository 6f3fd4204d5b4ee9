using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Text;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Proxy.Forward;

/// <summary>Connection pools to backends: one handler for each protocol and connect timeout in use.</summary>
internal sealed class InvokerPool : IDisposable
{
    private readonly ConcurrentDictionary<(BackendProtocol, TimeSpan), HttpMessageInvoker> _invokers = new();

    public HttpMessageInvoker Get(RoutePolicy policy) => _invokers.GetOrAdd((policy.Protocol, policy.ConnectTimeout), static key => Create(key.Item2));

    private static HttpMessageInvoker Create(TimeSpan connectTimeout) => new(new SendOnce(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        EnableMultipleHttp2Connections = true,
        ConnectTimeout = connectTimeout,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
        MaxResponseHeadersLength = 64,
        KeepAlivePingDelay = TimeSpan.FromSeconds(30),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        // As Kestrel reads and writes them (KestrelSetup): one char for each byte, so that the bytes stay what they are.
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        // As ingress-nginx (proxy-ssl-verify off): pods seldom have certificates that a gateway could check.
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
    }));

    public void Dispose()
    {
        foreach (var invoker in _invokers.Values) invoker.Dispose();
    }
}
