using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using ClusterMesh.Mesh.Policy.Http;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Authorize;
using ClusterMesh.Proxy.Health;
using ClusterMesh.Proxy.Node;
using ClusterMesh.Proxy.Record.Prometheus;
using ClusterMesh.Proxy.Tests.Support;
using ClusterMesh.Tests;

namespace ClusterMesh.Proxy.Tests.Authorize;

/// <summary>What the pipeline asks of policies, and what it does by their answer.</summary>
public sealed class JudgedRequestTests
{
    private const string Get = "GET /v1/status?a=b HTTP/1.1\r\nHost: a\r\nX-Own: 1\r\nContent-Type: text/evil\r\nConnection: close\r\n\r\n";

    private static readonly Caller s_caller = new(65836, 7, CallerScope.Service, IPEndPoint.Parse("10.96.0.1:80"));

    [Fact]
    public async Task Request_ThatIsRewritten_IsJudgedAsItWasAskedAndAsItIsSent()
    {
        await using var backend = await TestBackend.StartAsync("west");
        var judge = new Judge(true);
        var filters = new RouteFilters { Rewrite = new("inner", new(PathEditKind.ReplacePrefixMatch, "/")), Request = new([new("X-Set", "2")], [new("X-Own", "3")], []) };
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Filtered("web", filters, "/v1"), authorizer: judge, caller: s_caller);
        Assert.Equal(200, (await proxy.SendAsync(Get)).Status);
        var (asked, sent) = Assert.Single(judge.Asked);
        Assert.Equal(("/v1/status?a=b", "a", "1", null), (asked.Path, asked.Host, asked.Own, asked.Set));
        Assert.Equal(("/status?a=b", "inner", "1,3", "2"), (sent.Path, sent.Host, sent.Own, sent.Set));
        // And that is what came.
        Assert.Equal(("/status?a=b", "inner", "2"), (backend.Last.Target, backend.Last["Host"], backend.Last["X-Set"]));
    }

    [Fact]
    public async Task Request_ThatIsRefused_IsCountedByItsTargetAndMirroredToNobody()
    {
        await using var backend = await TestBackend.StartAsync("west");
        await using var shadow = await TestBackend.StartAsync("shadow");
        await using var proxy = await ProxyFixture.StartAsync(
            mesh => mesh.Service("web", backend).Service("shadow", shadow).Filtered("web", new() { Mirrors = [new(MeshBuilder.Key("shadow"), 80, 1, 1)] }), authorizer: new Judge(false), caller: s_caller);
        var reply = await proxy.SendAsync(Get);
        Assert.Equal((403, "Access denied\n"), (reply.Status, reply.Text));
        Assert.Equal((0, 0, 0L, 0L), (backend.Count, shadow.Count, proxy.Core.Mirroring.Sent, proxy.Core.Mirroring.Failed));
        await Eventually.TrueAsync(() => proxy.Core.Recorder.Requests == 1, "the request has ended");
        var page = await PageAsync(proxy);
        Assert.Equal(1, page.Value("http_server_request_duration_seconds_count", ("http_response_status_code", "403"), ("service", "default/web:80"), ("cluster", "west")));
    }

    [Fact]
    public async Task Mirror_ThatCannotBeJudged_HarmsNobody()
    {
        await using var backend = await TestBackend.StartAsync("west");
        await using var shadow = await TestBackend.StartAsync("shadow");
        await using var proxy = await ProxyFixture.StartAsync(
            mesh => mesh.Service("web", backend).Service("shadow", shadow).Filtered("web", new() { Mirrors = [new(MeshBuilder.Key("shadow"), 80, 1, 1)] }), authorizer: new Judge(true) { ThrowsFor = "shadow" }, caller: s_caller);
        Assert.Equal(200, (await proxy.SendAsync(Get)).Status);
        await Eventually.TrueAsync(() => proxy.Core.Recorder.Requests == 1, "the request has ended");
        Assert.Equal((0, 1L), (shadow.Count, proxy.Core.Mirroring.Failed));
    }

    [Theory]
    [InlineData(HeaderMismatch.Replace, "application/json")]
    [InlineData(HeaderMismatch.Delete, null)]
    public async Task Edit_OfAFieldOfABodyThatIsNotThere_IsDone(HeaderMismatch action, string? seen)
    {
        await using var backend = await TestBackend.StartAsync("west");
        var judge = new Judge(true) { Edits = [new(action, "Content-Type", "application/json")] };
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"), authorizer: judge, caller: s_caller);
        Assert.Equal(200, (await proxy.SendAsync(Get)).Status);
        Assert.Equal(seen, backend.Last["Content-Type"]);
    }

    [Theory]
    [InlineData(2u, true, false)]
    [InlineData(0x01000101u, true, false)]
    [InlineData(65836u, true, true)]
    [InlineData(65836u, false, true)]
    public async Task ForwardedHeaders_OfSomebodyOutside_AreNotBelieved(uint identity, bool byIngressPolicy, bool believed)
    {
        await using var backend = await TestBackend.StartAsync("west");
        await using var proxy = await ProxyFixture.StartAsync(
            mesh => mesh.Service("web", backend).Route("web"), new() { Cluster = MeshBuilder.Local, Edge = NodeState.InMesh }, authorizer: new Judge(true), caller: s_caller with { Identity = identity, Scope = byIngressPolicy ? CallerScope.Ingress : CallerScope.Service });
        Assert.Equal(200, (await proxy.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 10.9.9.9\r\nConnection: close\r\n\r\n")).Status);
        Assert.Equal(believed ? "10.9.9.9, 127.0.0.1" : "127.0.0.1", backend.Last["X-Forwarded-For"]);
    }

    private static async Task<PrometheusPage> PageAsync(ProxyFixture proxy)
    {
        using var text = new MemoryStream();
        var pipe = PipeWriter.Create(text, new(leaveOpen: true));
        await ProxyMetrics.WriteAsync(new(pipe, proxy.Core, null, default));
        await pipe.CompleteAsync();
        return PrometheusPage.Parse(Encoding.UTF8.GetString(text.ToArray()));
    }

    /// <summary>Says always the same, and keeps what it was asked.</summary>
    private sealed class Judge(bool allows) : IAuthorizer
    {
        public ConcurrentQueue<(Facts Asked, Facts Sent)> Asked { get; } = new();

        public HeaderEdit[] Edits { get; init; } = [];

        public string? ThrowsFor { get; init; }

        Judgement IAuthorizer.Judge(IHttpFacts asked, IHttpFacts sent, Caller caller, BackendHealth backend)
        {
            if (backend.Backend.Cluster == ThrowsFor) throw new InvalidOperationException("cannot be judged");
            Asked.Enqueue((Facts.Of(asked), Facts.Of(sent)));
            return new(allows, "a rule", [.. Edits]);
        }
    }

    private sealed record Facts(string Path, string Host, string? Own, string? Set)
    {
        public static Facts Of(IHttpFacts facts) => new(facts.Path, facts.Host, facts.Header("x-own"), facts.Header("x-set"));
    }
}
