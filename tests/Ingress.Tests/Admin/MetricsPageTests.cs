using ClusterMesh.Tests;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Ingress.Tests.Admin;

[Collection(TelemetryRunsAlone.Name)]
public sealed class MetricsPageTests
{
    [Fact]
    public async Task Metrics_AfterCanaryRequests_AnswerWhatFlaggerAsks()
    {
        await using var gateway = await LiveGateway.StartAsync(CanaryManifests.With, Answer);
        for (var i = 0; i < 4; i++) await gateway.GetAsync("/");
        for (var i = 0; i < 2; i++) await gateway.GetAsync("/", ("X-Canary", "always"));
        await gateway.GetAsync("/fail", ("X-Canary", "always"));
        await gateway.RequestsAsync(7);

        var page = await ScrapeAsync(gateway);

        // pkg/metrics/observers/nginx.go: the canary's requests by the main Ingress's name, and how many were not 5xx.
        var canary = page.All("nginx_ingress_controller_requests", ("namespace", "default"), ("ingress", "web")).Where(sample => sample.Labels["canary"] != "").ToArray();
        Assert.Equal(3, canary.Sum(sample => sample.Value));
        Assert.Equal(2, canary.Where(sample => !sample.Labels["status"].StartsWith('5')).Sum(sample => sample.Value));
        Assert.All(canary, sample => Assert.Equal("default-web-canary-80", sample.Labels["canary"]));
        Assert.Equal(4, page.Value("nginx_ingress_controller_requests", ("ingress", "web"), ("canary", "")));
        Assert.Equal(3, page.All("nginx_ingress_controller_response_duration_seconds_count", ("ingress", "web"), ("canary", "default-web-canary-80")).Sum(sample => sample.Value));
    }

    [Fact]
    public async Task Metrics_OfGatewayAndRuntime_AreOnOnePage()
    {
        await using var gateway = await LiveGateway.StartAsync(CanaryManifests.With, Answer);
        await gateway.GetAsync("/");
        await gateway.RequestsAsync(1);

        using var reply = await gateway.Admin.GetAsync("/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", reply.Content.Headers.ContentType!.ToString());
        var page = PrometheusPage.Parse(await reply.Content.ReadAsStringAsync());
        Assert.Equal(1, page.Value("clustermesh_problems"));
        Assert.Equal(1, page.Value("clustermesh_build_info", ("cluster", "west")));
        Assert.Equal(1, page.Value("clustermesh_snapshot_version"));
        Assert.InRange(page.Value("clustermesh_snapshot_applied_timestamp_seconds"), 1_700_000_000, 1e11);
        Assert.True(page.All("dotnet_gc_collections_total").Count > 0);
        Assert.True(page.Value("dotnet_process_memory_working_set_bytes") > 0);
        Assert.Contains(page.All("kestrel_active_connections"), sample => sample.Value > 0);
        // Instruments of ours are for OTLP alone: here they would be the same numbers twice.
        Assert.Equal("counter", page.TypeOf("clustermesh_retries_total"));
        Assert.Single(page.All("http_server_request_duration_seconds_count"));
    }

    [Fact]
    public async Task Metrics_ScrapedByMany_AreWholeForEach()
    {
        await using var gateway = await LiveGateway.StartAsync(CanaryManifests.With, Answer);
        await gateway.GetAsync("/");
        await gateway.RequestsAsync(1);
        var pages = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ScrapeAsync(gateway)));
        Assert.All(pages, page => Assert.True(page.Value("dotnet_process_memory_working_set_bytes") > 0));
    }

    private static Task Answer(HttpContext context)
    {
        context.Response.StatusCode = context.Request.Path == "/fail" ? 500 : 200;
        return context.Response.WriteAsync("ok");
    }

    private static async Task<PrometheusPage> ScrapeAsync(LiveGateway gateway) => PrometheusPage.Parse(await gateway.Admin.GetStringAsync("/metrics"));
}
