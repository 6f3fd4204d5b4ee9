using System.Diagnostics;
using System.Net;

namespace ClusterMesh.Proxy.Tests.Record;

/// <summary>The same request told four times, in the same words: reply, metric, access log, spans.</summary>
[Collection(ListenersRunAlone.Name)]
public sealed class RecordedRequestTests
{
    [Fact]
    public async Task Request_Answered_IsToldAlikeEverywhere()
    {
        using var listener = new SpanListener();
        await using var backend = await LiveBackend.StartAsync("hello");
        await using var proxy = await LiveProxy.StartAsync(LiveProxy.Route(LiveProxy.Target("web")), services: ("web", [backend.In("west")]));

        using var reply = await proxy.GetAsync("/api/x?token=s3cret", ("User-Agent", "tests/1"), ("X-Request-Id", "id-1"), ("Referer", "http://r/"));
        Assert.Equal("hello", await reply.Content.ReadAsStringAsync());

        var page = await proxy.ScrapeAsync(1);
        Assert.Equal(1, page.Value("http_server_request_duration_seconds_count",
            ("http_request_method", "GET"), ("http_response_status_code", "200"), ("http_route", "default/web foo.example/api"), ("error_type", ""),
            ("service", "default/web:80"), ("cluster", "west"), ("split", "only"), ("reason", "local"), ("ingress", "web"), ("namespace", "default"), ("canary", "")));
        Assert.InRange(page.Value("http_server_request_duration_seconds_sum"), 1e-6, 60);
        Assert.Equal(1, page.Value("clustermesh_upstream_attempts_total", ("service", "default/web:80"), ("cluster", "west"), ("outcome", "ok")));
        Assert.Equal(0, page.Value("clustermesh_retries_total"));
        Assert.Equal(0, page.Value("clustermesh_requests_active"));
        Assert.Equal(1, page.Value("clustermesh_backends", ("service", "default/web:80"), ("cluster", "west"), ("state", "healthy")));
        Assert.Equal(1, page.Value("clustermesh_service_chosen", ("service", "default/web:80"), ("port", "80"), ("cluster", "west"), ("reason", "local")));
        Assert.Equal(7, page.Value("clustermesh_snapshot_version"));

        var line = Assert.Single(await proxy.LinesAsync(1));
        Assert.Equal(
            ["time", "method", "host", "path", "url", "protocol", "status", "end", "flags", "duration_ms", "route", "owner", "service", "split", "cluster", "reason",
            "backend", "pod", "attempts", "upstream_status", "request_bytes", "response_bytes", "client", "request_id", "trace_id", "user_agent", "referer"],
            line.EnumerateObject().Select(field => field.Name));
        var span = listener.Server;
        string Field(string name) => line.GetProperty(name).ToString();
        Assert.Equal(("GET", "foo.example", "/api/x", "/api/x?token=s3cret", "HTTP/1.1"), (Field("method"), Field("host"), Field("path"), Field("url"), Field("protocol")));
        Assert.Equal(("200", "ok", "-", "1", "200", "5"), (Field("status"), Field("end"), Field("flags"), Field("attempts"), Field("upstream_status"), Field("response_bytes")));
        Assert.Equal(("default/web foo.example/api", "Ingress default/web", "default/web:80", "only"), (Field("route"), Field("owner"), Field("service"), Field("split")));
        Assert.Equal(("west", "local", $"127.0.0.1:{backend.Port}", "pod-west"), (Field("cluster"), Field("reason"), Field("backend"), Field("pod")));
        Assert.Equal(("127.0.0.1", "id-1", "tests/1", "http://r/"), (Field("client"), Field("request_id"), Field("user_agent"), Field("referer")));
        Assert.Equal(span.TraceId.ToHexString(), Field("trace_id"));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", Field("time"));
        Assert.InRange(line.GetProperty("duration_ms").GetDouble(), 0.001, 60_000);

        Assert.Equal("GET default/web foo.example/api", span.DisplayName);
        Assert.Equal(default, span.ParentSpanId);
        var expected = new Dictionary<string, object?>
        {
            ["http.request.method"] = "GET", ["url.scheme"] = "http", ["url.path"] = "/api/x", ["server.address"] = "foo.example",
            ["server.port"] = proxy.Client.BaseAddress!.Port, ["client.address"] = "127.0.0.1", ["network.protocol.version"] = "1.1",
            ["user_agent.original"] = "tests/1", ["http.route"] = "default/web foo.example/api", ["http.response.status_code"] = 200,
            ["clustermesh.route"] = "default/web foo.example/api", ["clustermesh.service"] = "default/web:80", ["clustermesh.cluster"] = "west",
            ["clustermesh.backend"] = $"127.0.0.1:{backend.Port}", ["clustermesh.split"] = "only", ["clustermesh.reason"] = "local", ["clustermesh.attempt"] = 1,
            ["clustermesh.request_id"] = "id-1",
        };
        Assert.Equal(expected.OrderBy(tag => tag.Key), span.TagObjects.OrderBy(tag => tag.Key));
        Assert.Equal(ActivityStatusCode.Unset, span.Status);

        var attempt = Assert.Single(listener.Attempts);
        Assert.Equal((span.TraceId, span.SpanId, "GET"), (attempt.TraceId, attempt.ParentSpanId, attempt.DisplayName));
        Assert.Equal($"http://127.0.0.1:{backend.Port}/api/x?*", attempt.GetTagItem("url.full"));
        Assert.Equal(("127.0.0.1", backend.Port, 200), (attempt.GetTagItem("server.address"), attempt.GetTagItem("server.port"), attempt.GetTagItem("http.response.status_code")));
        Assert.Null(attempt.GetTagItem("http.request.resend_count"));
        Assert.Equal(attempt.Id, Assert.Single(backend.Asked)["traceparent"].ToString());
    }

    [Fact]
    public async Task Request_LocalBackendDead_TellsTheRetryAndTheOtherCluster()
    {
        using var listener = new SpanListener();
        using var dead = new DeadBackend();
        await using var east = await LiveBackend.StartAsync("east");
        await using var proxy = await LiveProxy.StartAsync(LiveProxy.Route(LiveProxy.Target("web")), services: ("web", [dead.In("west"), east.In("east")]));

        using var first = await proxy.GetAsync("/api");
        using var second = await proxy.GetAsync("/api");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));

        var page = await proxy.ScrapeAsync(2);
        Assert.Equal(2, page.Value("http_server_request_duration_seconds_count", ("cluster", "east"), ("reason", "failover"), ("error_type", "")));
        Assert.Equal(1, page.Value("clustermesh_upstream_attempts_total", ("cluster", "west"), ("outcome", "connect_failed")));
        Assert.Equal(2, page.Value("clustermesh_upstream_attempts_total", ("cluster", "east"), ("outcome", "ok")));
        Assert.Equal(1, page.Value("clustermesh_retries_total"));
        Assert.Equal(1, page.Value("clustermesh_ejections_total"));
        Assert.Equal(1, page.Value("clustermesh_backends", ("cluster", "west"), ("state", "ejected")));
        Assert.Equal(1, page.Value("clustermesh_service_chosen", ("cluster", "east"), ("reason", "failover")));
        Assert.Equal(0, proxy.Core.Recorder.Failed);

        var lines = await proxy.LinesAsync(2);
        Assert.Equal([2, 1], lines.Select(line => line.GetProperty("attempts").GetInt32()));
        Assert.All(lines, line => Assert.Equal(("ok", "-", "failover", "east"), (line.GetProperty("end").GetString(), line.GetProperty("flags").GetString(), line.GetProperty("reason").GetString(), line.GetProperty("cluster").GetString())));

        var server = listener.Spans.First(span => span.Kind == ActivityKind.Server);
        var attempts = listener.Attempts.Where(span => span.TraceId == server.TraceId).ToArray();
        Assert.Equal(2, attempts.Length);
        Assert.All(attempts, attempt => Assert.Equal(server.SpanId, attempt.ParentSpanId));
        Assert.Equal(("connect_failed", ActivityStatusCode.Error, "west", 1), (attempts[0].GetTagItem("error.type"), attempts[0].Status, attempts[0].GetTagItem("clustermesh.cluster"), attempts[0].GetTagItem("clustermesh.attempt")));
        Assert.Null(attempts[0].GetTagItem("http.response.status_code"));
        Assert.Equal((1, ActivityStatusCode.Unset, "east", 2), (attempts[1].GetTagItem("http.request.resend_count"), attempts[1].Status, attempts[1].GetTagItem("clustermesh.cluster"), attempts[1].GetTagItem("clustermesh.attempt")));
        Assert.Equal((2, ActivityStatusCode.Unset), (server.GetTagItem("clustermesh.attempt"), server.Status));
    }

    [Fact]
    public async Task Request_EveryBackendDead_IsAFailureWithFlags()
    {
        using var listener = new SpanListener();
        using var one = new DeadBackend();
        using var two = new DeadBackend();
        using var three = new DeadBackend();
        await using var proxy = await LiveProxy.StartAsync(LiveProxy.Route(LiveProxy.Target("web")), services: ("web", [one.In("west"), two.In("west"), three.In("west")]));

        using var reply = await proxy.GetAsync("/api");
        Assert.Equal(HttpStatusCode.BadGateway, reply.StatusCode);

        var page = await proxy.ScrapeAsync(1);
        Assert.Equal(1, page.Value("http_server_request_duration_seconds_count", ("http_response_status_code", "502"), ("error_type", "connect_failed"), ("cluster", "west")));
        Assert.Equal(3, page.Value("clustermesh_upstream_attempts_total", ("outcome", "connect_failed")));
        Assert.Equal(1, proxy.Core.Recorder.Failed);
        var line = Assert.Single(await proxy.LinesAsync(1));
        Assert.Equal(("UF,URX", 3, "connect_failed"), (line.GetProperty("flags").GetString(), line.GetProperty("attempts").GetInt32(), line.GetProperty("end").GetString()));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, line.GetProperty("upstream_status").ValueKind);
        Assert.Equal(("connect_failed", 502, ActivityStatusCode.Error), (listener.Server.GetTagItem("error.type"), listener.Server.GetTagItem("http.response.status_code"), listener.Server.Status));
        Assert.Equal(3, listener.Attempts.Length);
    }

    [Fact]
    public async Task Request_BackendAnswers503_IsAnErrorOfItsStatus()
    {
        using var listener = new SpanListener();
        await using var backend = await LiveBackend.StartAsync("no", 503);
        await using var proxy = await LiveProxy.StartAsync(LiveProxy.Route(LiveProxy.Target("web")), services: ("web", [backend.In("west")]));

        using var reply = await proxy.GetAsync("/api");

        var page = await proxy.ScrapeAsync(1);
        Assert.Equal(1, page.Value("http_server_request_duration_seconds_count", ("http_response_status_code", "503"), ("error_type", "503"), ("service", "default/web:80")));
        Assert.Equal("ok", Assert.Single(await proxy.LinesAsync(1)).GetProperty("end").GetString());
        Assert.Equal(("503", ActivityStatusCode.Error), (listener.Server.GetTagItem("error.type"), listener.Server.Status));
        Assert.Equal(("503", ActivityStatusCode.Error), (listener.Attempts[0].GetTagItem("error.type"), listener.Attempts[0].Status));
    }

    [Fact]
    public async Task Request_NoRoute_IsCountedWithoutOne()
    {
        using var listener = new SpanListener();
        await using var proxy = await LiveProxy.StartAsync(LiveProxy.Route(LiveProxy.Target("web")), services: ("web", []));

        using var reply = await proxy.SendAsync(new("BREW"), "/other");
        Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);

        var page = await proxy.ScrapeAsync(1);
        Assert.Equal(1, page.Value("http_server_request_duration_seconds_count",
            ("http_request_method", "_OTHER"), ("http_response_status_code", "404"), ("error_type", "no_route"), ("http_route", ""), ("service", ""), ("split", ""), ("reason", "")));
        Assert.Empty(page.All("nginx_ingress_controller_requests"));
        var line = Assert.Single(await proxy.LinesAsync(1));
        Assert.Equal(("NR", "BREW", "/other"), (line.GetProperty("flags").GetString(), line.GetProperty("method").GetString(), line.GetProperty("path").GetString()));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, line.GetProperty("route").ValueKind);
        Assert.Equal(("HTTP", "_OTHER", "BREW"), (listener.Server.DisplayName, listener.Server.GetTagItem("http.request.method"), listener.Server.GetTagItem("http.request.method_original")));
        Assert.Equal(ActivityStatusCode.Unset, listener.Server.Status);
        Assert.Equal(0, proxy.Core.Recorder.Failed);
    }

    [Fact]
    public async Task Request_NoBackend_NamesTheServiceItWasFor()
    {
        await using var proxy = await LiveProxy.StartAsync(LiveProxy.Route(LiveProxy.Target("web")), services: ("web", []));

        using var reply = await proxy.GetAsync("/api");

        var page = await proxy.ScrapeAsync(1);
        Assert.Equal(1, page.Value("http_server_request_duration_seconds_count",
            ("http_response_status_code", "503"), ("error_type", "no_backend"), ("service", "default/web:80"), ("cluster", ""), ("split", "only"), ("reason", "")));
        var line = Assert.Single(await proxy.LinesAsync(1));
        Assert.Equal(("UH", "default/web:80", 0), (line.GetProperty("flags").GetString(), line.GetProperty("service").GetString(), line.GetProperty("attempts").GetInt32()));
        Assert.Equal(1, proxy.Core.Recorder.Failed);
    }
}
