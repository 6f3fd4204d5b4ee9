using System.Globalization;
using System.Net;
using System.Net.Security;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Proxy.Authorize;
using ClusterMesh.Proxy.Health;
using ClusterMesh.Proxy.Listen;
using ClusterMesh.Proxy.Match;
using ClusterMesh.Proxy.Record.Flows;
using ClusterMesh.Proxy.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterMesh.Proxy.Tests.Support;

/// <summary>The pipeline behind real listeners, plain and TLS, set up as the hosts do it; its routes come from code.</summary>
internal sealed class ProxyFixture : IAsyncDisposable
{
    /// <summary>Names the Service (of port 80, or NAME:PORT) that a request was sent to before it was redirected to the proxy.</summary>
    public const string FrontendHeader = "Test-Frontend";

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<HttpClient> _clients = [];
    private readonly Task[] _work;
    private long _version;

    private ProxyFixture(ProxyCore core, WebApplication app)
    {
        (Core, _app) = (core, app);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address)).ToArray();
        Http = addresses.Single(address => address.Scheme == "http");
        Https = addresses.Single(address => address.Scheme == "https");
        _work = core.Run(_stop.Token);
    }

    public ProxyCore Core { get; }

    public Uri Http { get; }

    public Uri Https { get; }

    public static async Task<ProxyFixture> StartAsync(
        Action<MeshBuilder> mesh, ProxySettings? settings = null, ListenSettings? listen = null, IFlowSink? flows = null, TimeProvider? time = null, IAuthorizer? authorizer = null, Caller? caller = null)
    {
        var any = new IPEndPoint(IPAddress.Loopback, 0);
        var core = ProxyCore.Create(settings ?? new() { Cluster = MeshBuilder.Local }, NullLoggerFactory.Instance, time ?? TimeProvider.System, authorizer: authorizer, flows: flows);
        var builder = WebApplication.CreateEmptyBuilder(new());
        KestrelSetup.Configure(builder.WebHost, (listen ?? new()) with { Http = [any], Https = [any] }, _ => TestCertificate.Context);
        var app = builder.Build();
        ((IApplicationBuilder)app).Run(context =>
        {
            if (context.Request.Headers.Remove(FrontendHeader, out var service)) context.Features.Set<IFrontendFeature>(AskedFrontend.Parse(service.ToString()));
            if (caller is not null) context.Features.Set(caller);
            return core.InvokeAsync(context);
        });
        await app.StartAsync();
        var fixture = new ProxyFixture(core, app);
        fixture.Apply(mesh);
        return fixture;
    }

    /// <summary>Swaps the routes and services, as a changed manifest does.</summary>
    public void Apply(Action<MeshBuilder> mesh)
    {
        var builder = new MeshBuilder();
        mesh(builder);
        var (snapshot, routes) = builder.Build(++_version);
        Core.State.Apply(snapshot, routes);
    }

    /// <summary>A client that speaks exactly this version; HTTP/2 without TLS is with prior knowledge.</summary>
    public HttpClient Client(Version? version = null, bool tls = false)
    {
        var client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
        })
        {
            BaseAddress = tls ? Https : Http,
            DefaultRequestVersion = version ?? HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = TimeSpan.FromSeconds(30),
        };
        _clients.Add(client);
        return client;
    }

    /// <summary>A connection to the plain listener for whatever bytes.</summary>
    public Task<RawConnection> ConnectAsync() => RawConnection.ConnectAsync(Http.Port);

    /// <summary>One connection, these bytes, one reply.</summary>
    public async Task<RawMessage> SendAsync(string bytes, bool head = false)
    {
        using var connection = await ConnectAsync();
        await connection.TrySendAsync(bytes);
        return await connection.ReadReplyAsync(head);
    }

    public BackendHealth Health(ITestBackend backend) => Core.Health.Get(backend.Model);

    public Selection Selection(string service) => Port(service).Now.Selection;

    public ServicePortState Port(string service) => Core.State.Port(MeshBuilder.Key(service), 80)!;

    public Task StopServerAsync(CancellationToken patience) => _app.StopAsync(patience);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var client in _clients) client.Dispose();
        await _app.StopAsync(_stop.Token);
        await _app.DisposeAsync();
        await Core.DisposeAsync();
        await Task.WhenAll(_work).ContinueWith(static _ => { }, TaskScheduler.Default);
        _stop.Dispose();
    }

    private sealed record AskedFrontend(ObjectKey Service, int Port) : IFrontendFeature
    {
        public static AskedFrontend Parse(string text) => text.Split(':') is [var name, var port] ? new(MeshBuilder.Key(name), int.Parse(port, CultureInfo.InvariantCulture)) : new(MeshBuilder.Key(text), 80);
    }
}
