using System.IO.Pipelines;
using System.Net;
using System.Text;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Mesh.Tests.Wire.Flows;
using ClusterMesh.Mesh.Wire.Flows;
using ClusterMesh.Proxy.Authorize;
using ClusterMesh.Proxy.Record.Flows;
using ClusterMesh.Proxy.Record.Prometheus;
using ClusterMesh.Proxy.Tests.Support;
using ClusterMesh.Tests;

namespace ClusterMesh.Proxy.Tests.Record.Flows;

/// <summary>Real requests through the pipeline, told over a real socket.</summary>
public sealed class AgentFlowsTests : IAsyncLifetime
{
    private static readonly Caller s_caller = new(65836, 7, CallerScope.Service, IPEndPoint.Parse("10.96.0.1:80"));

    private readonly AgentSocket _agent = new();
    private readonly CancellationTokenSource _stop = new();
    private FlowReporter _reporter = null!;
    private Task _running = Task.CompletedTask;

    public async Task InitializeAsync()
    {
        await _agent.StartAsync();
        _reporter = new(_agent.Path, TimeProvider.System);
        _running = _reporter.RunAsync(_ => { }, _stop.Token);
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _reporter.Dispose();
        await _agent.DisposeAsync();
    }

    [Fact]
    public async Task Request_OfAPod_IsToldWithWhereItWentAndWhy()
    {
        await using var backend = await TestBackend.StartAsync("east", context => context.Response.Body.WriteAsync("hello"u8.ToArray()).AsTask());
        await using var proxy = await StartAsync(mesh => mesh.Service("web", backend).Route("web"), s_caller);
        await proxy.SendAsync("GET /a/../b%20c?token=s3cret HTTP/1.1\r\nHost: web.default\r\nAuthorization: s3cret\r\ntraceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\nConnection: close\r\n\r\n");
        var flow = await ToldAsync();
        Assert.Equal(new(IPAddress.Loopback, 65836, IPAddress.Loopback, "east", "GET", 200, "failover", false), flow.Kind);
        Assert.Equal(("GET", "web.default", "/b%20c", "HTTP/1.1"), (flow.Method, flow.Host, flow.Path, flow.Protocol));
        Assert.Equal(("default/web:80", "only", "failover", "ok", 1), (flow.Target, flow.Split, flow.Pool, flow.End, flow.Attempts));
        Assert.Equal((s_caller.Asked, backend.Port, "4bf92f3577b34da6a3ce929d0e0e4736"), (flow.Asked, flow.DestinationPort, flow.TraceId));
        Assert.True(flow.SourcePort > 0 && flow.Latency > TimeSpan.Zero);
        Assert.DoesNotContain("s3cret", flow.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_ThatNobodyCanServe_IsToldWithWhatWasAsked()
    {
        await using var proxy = await StartAsync(mesh => mesh.Service("web").Route("web"), s_caller with { Scope = CallerScope.Ingress });
        await proxy.SendAsync("BREW / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        var flow = await ToldAsync();
        Assert.Equal(new(IPAddress.Loopback, 65836, IPAddress.Parse("10.96.0.1"), "", "_OTHER", 503, "no_backend", true), flow.Kind);
        Assert.Equal(("BREW", 80, "no_backend", ""), (flow.Method, flow.DestinationPort, flow.End, flow.Pool));
    }

    [Fact]
    public async Task Request_RefusedByPolicy_NamesTheRule()
    {
        await using var proxy = await StartAsync(mesh => mesh.Service("web").Route("web"), s_caller, exchange =>
        {
            (exchange.End, exchange.PolicyRule) = (EndReason.PolicyDenied, "CiliumNetworkPolicy default/web spec.ingress[0]");
        });
        await proxy.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        var flow = await ToldAsync();
        Assert.Equal(("policy_denied", "policy_denied", "CiliumNetworkPolicy default/web spec.ingress[0]"), (flow.Kind.Reason, flow.End, flow.PolicyRule));
    }

    [Fact]
    public async Task Text_OfAClient_IsCut()
    {
        await using var proxy = await StartAsync(mesh => mesh.Service("web").Route("web"), s_caller);
        await proxy.SendAsync($"GET /{new string('x', 4000)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        Assert.Equal(RequestFlow.LongestText, (await ToldAsync()).Path.Length);
    }

    [Fact]
    public async Task Losses_AreShownToScrapers()
    {
        await using var proxy = await ProxyFixture.StartAsync(_ => { }, flows: new Lossy());
        using var text = new MemoryStream();
        var pipe = PipeWriter.Create(text, new(leaveOpen: true));
        await ProxyMetrics.WriteAsync(new(pipe, proxy.Core, null, default));
        await pipe.CompleteAsync();
        var page = PrometheusPage.Parse(Encoding.UTF8.GetString(text.ToArray()));
        Assert.Equal((3, 5), (page.Value("clustermesh_proxy_flows_lost_total", ("reason", "rate")), page.Value("clustermesh_proxy_flows_lost_total", ("reason", "queue"))));
    }

    private sealed class Lossy : IFlowSink
    {
        public long Limited => 3;

        public long Lost => 5;

        public void End(Exchange exchange, int status, TimeSpan duration)
        {
        }
    }

    private async Task<ProxyFixture> StartAsync(Action<MeshBuilder> mesh, Caller caller, Action<Exchange>? judge = null) =>
        await ProxyFixture.StartAsync(mesh, flows: new Called(new AgentFlows(_reporter, TimeProvider.System), caller, judge));

    private async Task<RequestFlow> ToldAsync()
    {
        await Eventually.TrueAsync(() => _agent.Flows.Any(), "the request is told");
        return Assert.Single(_agent.Flows);
    }

    /// <summary>What the host knows of the connection, and what policy says, before the end is written down.</summary>
    private sealed class Called(IFlowSink to, Caller caller, Action<Exchange>? judge) : IFlowSink
    {
        public long Limited => to.Limited;

        public long Lost => to.Lost;

        public void End(Exchange exchange, int status, TimeSpan duration)
        {
            exchange.Caller = caller;
            judge?.Invoke(exchange);
            to.End(exchange, status, duration);
        }
    }
}
