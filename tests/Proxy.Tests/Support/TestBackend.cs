using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ClusterMesh.Proxy.Tests.Support;

/// <summary>A Kestrel backend whose answers a lambda gives.</summary>
internal sealed class TestBackend : ITestBackend
{
    private readonly WebApplication _app;

    private TestBackend(string cluster, WebApplication app) => (Cluster, _app) = (cluster, app);

    public string Cluster { get; }

    public int Port { get; private set; }

    public ConcurrentQueue<SeenRequest> Seen { get; } = [];

    public int Count => Seen.Count;

    public SeenRequest Last => Seen.Last();

    /// <param name="handler">By default: answers with its cluster's name.</param>
    /// <param name="protocols">Plain Http1 or Http2 (prior knowledge), or both by ALPN over TLS.</param>
    public static async Task<TestBackend> StartAsync(string cluster, RequestDelegate? handler = null, HttpProtocols protocols = HttpProtocols.Http1, bool tls = false)
    {
        handler ??= context => context.Response.WriteAsync(cluster);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxRequestHeadersTotalSize = 1 << 20;
            kestrel.Limits.MaxRequestHeaderCount = 1000;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
            kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = protocols;
                if (tls) listen.UseHttps(TestCertificate.Leaf);
            });
        });
        var app = builder.Build();
        var backend = new TestBackend(cluster, app);
        app.UseWebSockets();
        ((IApplicationBuilder)app).Run(context =>
        {
            backend.Seen.Enqueue(SeenRequest.Of(context));
            return handler(context);
        });
        await app.StartAsync();
        backend.Port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        return backend;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
