using ClusterMesh.Mesh.Hosting;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace ClusterMesh.Proxy.Listen;

/// <summary>Kestrel as an edge: strict parsing, bounds on everything, one listener for HTTP/1.1 and HTTP/2.</summary>
internal static class KestrelSetup
{
    /// <summary>Process-wide switches; call before the first socket and the first request.</summary>
    public static void SetSwitches(bool inline)
    {
        if (inline) Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);
    }

    /// <param name="gate">Stands before the protocol; null = nothing does.</param>
    /// <param name="certificate">By server name; called for each handshake, so that a new certificate needs no restart.</param>
    public static void Configure(IWebHostBuilder web, ListenSettings settings, Func<string?, SslStreamCertificateContext> certificate, Func<ConnectionDelegate, ConnectionDelegate>? gate = null)
    {
        web.UseKestrelCore().UseKestrelHttpsConfiguration();
        Transport(web, settings);
        web.ConfigureKestrel(kestrel =>
        {
            Bound(kestrel, settings);
            foreach (var endPoint in settings.Http) kestrel.Listen(endPoint, listen => UsePlain(listen, gate));
            foreach (var endPoint in settings.Https) kestrel.Listen(endPoint, listen =>
            {
                if (gate is not null) listen.Use(gate);
                UseTls(listen, certificate);
            });
        });
    }

    /// <summary>A listener that is bound in a way of its own, for HTTP/1.1 and HTTP/2 with prior knowledge.</summary>
    /// <param name="gate">Stands before the protocol.</param>
    public static void ConfigureBound(IWebHostBuilder web, ListenSettings settings, IPEndPoint address, Func<EndPoint, Socket> bind, Func<ConnectionDelegate, ConnectionDelegate> gate)
    {
        web.UseKestrelCore();
        Transport(web, settings);
        web.ConfigureServices(services => services.Configure<SocketTransportOptions>(socket => socket.CreateBoundListenSocket = bind));
        web.ConfigureKestrel(kestrel =>
        {
            Bound(kestrel, settings);
            kestrel.Listen(address, listen => UsePlain(listen, gate));
        });
    }

    private static void Transport(IWebHostBuilder web, ListenSettings settings) => web.ConfigureServices(services => services.Configure<SocketTransportOptions>(socket =>
    {
        socket.UnsafePreferInlineScheduling = settings.Inline;
        socket.WaitForDataBeforeAllocatingBuffer = !settings.Inline;
        socket.Backlog = 4096;
    }));

    private static void Bound(KestrelServerOptions kestrel, ListenSettings settings)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowHostHeaderOverride = false;
        // One char for each byte, both ways: what is no UTF-8 is passed on as it is, too.
        kestrel.RequestHeaderEncodingSelector = static name => name == HeaderNames.Connection ? ConnectionEncoding.Instance : Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = ResponseHeaderEncoding.Select;
        var limits = kestrel.Limits;
        limits.MaxConcurrentConnections = settings.MaxConnections;
        limits.MaxConcurrentUpgradedConnections = settings.MaxConnections;
        limits.MaxRequestBodySize = null;
        limits.MaxRequestHeadersTotalSize = settings.MaxRequestHeaderBytes;
        limits.MaxRequestHeaderCount = 200;
        limits.MaxRequestLineSize = settings.MaxRequestLineBytes;
        limits.KeepAliveTimeout = settings.KeepAlive;
        limits.RequestHeadersTimeout = settings.HeaderTimeout;
        // A body may pause for a minute, as in nginx; then it must move.
        limits.MinRequestBodyDataRate = new MinDataRate(1, TimeSpan.FromSeconds(60));
        limits.Http2.MaxStreamsPerConnection = 256;
        limits.Http2.InitialStreamWindowSize = 1024 * 1024;
        limits.Http2.InitialConnectionWindowSize = 2 * 1024 * 1024;
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        limits.Http2.MaxRequestHeaderFieldSize = settings.MaxRequestHeaderBytes;
    }

    private static void UsePlain(ListenOptions listen, Func<ConnectionDelegate, ConnectionDelegate>? gate)
    {
        if (gate is not null) listen.Use(gate);
        PriorKnowledge.Use(listen);
    }

    private static void UseTls(ListenOptions listen, Func<string?, SslStreamCertificateContext> certificate)
    {
        listen.Protocols = HttpProtocols.Http1AndHttp2;
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = TimeSpan.FromSeconds(10),
            OnConnection = context => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate(context.ClientHelloInfo.ServerName),
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            }),
        });
    }
}
