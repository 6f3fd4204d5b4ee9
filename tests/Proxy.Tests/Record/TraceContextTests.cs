using System.Diagnostics;

namespace ClusterMesh.Proxy.Tests.Record;

[Collection(ListenersRunAlone.Name)]
public sealed class TraceContextTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736", Caller = $"00-{Trace}-00f067aa0ba902b7-01";

    [Fact]
    public async Task Traceparent_NobodyListens_PassesThroughAndIsLogged()
    {
        await using var backend = await LiveBackend.StartAsync("ok");
        await using var proxy = await StartAsync(backend);
        (await proxy.GetAsync("/api", ("traceparent", Caller), ("tracestate", "a=b"), ("baggage", "k=v"))).Dispose();

        var asked = Assert.Single(backend.Asked);
        Assert.Equal((Caller, "a=b", "k=v"), (asked["traceparent"].ToString(), asked["tracestate"].ToString(), asked["baggage"].ToString()));
        Assert.Equal(Trace, Assert.Single(await proxy.LinesAsync(1)).GetProperty("trace_id").GetString());
    }

    [Fact]
    public async Task Traceparent_OfTheClient_IsTheParent()
    {
        using var listener = new SpanListener();
        await using var backend = await LiveBackend.StartAsync("ok");
        await using var proxy = await StartAsync(backend);
        (await proxy.GetAsync("/api", ("traceparent", Caller), ("tracestate", "a=b"), ("baggage", "k=v"))).Dispose();

        await proxy.ScrapeAsync(1);
        Assert.Equal((Trace, "00f067aa0ba902b7"), (listener.Server.TraceId.ToHexString(), listener.Server.ParentSpanId.ToHexString()));
        var asked = Assert.Single(backend.Asked);
        Assert.Equal($"00-{Trace}-{listener.Attempts[0].SpanId}-01", asked["traceparent"].ToString());
        Assert.Equal(("a=b", "k=v"), (asked["tracestate"].ToString(), asked["baggage"].ToString()));
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7")]
    public async Task Traceparent_Broken_BeginsANewTrace(string sent)
    {
        using var listener = new SpanListener();
        await using var backend = await LiveBackend.StartAsync("ok");
        await using var proxy = await StartAsync(backend);
        (await proxy.GetAsync("/api", ("traceparent", sent))).Dispose();

        await proxy.ScrapeAsync(1);
        Assert.Equal(default, listener.Server.ParentSpanId);
        Assert.NotEqual(Trace, listener.Server.TraceId.ToHexString());
        Assert.Equal(listener.Attempts[0].Id, Assert.Single(backend.Asked)["traceparent"].ToString());
    }

    [Fact]
    public async Task Trace_NotSampled_IsToldToTheBackendAllTheSame()
    {
        using var listener = new SpanListener(ActivitySamplingResult.PropagationData);
        await using var backend = await LiveBackend.StartAsync("ok");
        await using var proxy = await StartAsync(backend);
        (await proxy.GetAsync("/api")).Dispose();

        await proxy.ScrapeAsync(1);
        var server = Assert.Single(listener.Spans);
        Assert.Equal($"00-{server.TraceId}-{server.SpanId}-00", Assert.Single(backend.Asked)["traceparent"].ToString());
        Assert.Empty(server.TagObjects);
    }

    [Fact]
    public async Task Requests_OneAfterTheOther_AreTracesOfTheirOwn()
    {
        using var listener = new SpanListener();
        await using var backend = await LiveBackend.StartAsync("ok");
        await using var proxy = await StartAsync(backend);
        for (var i = 0; i < 3; i++) (await proxy.GetAsync("/api")).Dispose();

        await proxy.ScrapeAsync(3);
        Assert.Equal(3, listener.Spans.Where(span => span.Kind == ActivityKind.Server).Select(span => span.TraceId).Distinct().Count());
    }

    private static Task<LiveProxy> StartAsync(LiveBackend backend) =>
        LiveProxy.StartAsync(LiveProxy.Route(LiveProxy.Target("web")), services: ("web", [backend.In("west")]));
}
