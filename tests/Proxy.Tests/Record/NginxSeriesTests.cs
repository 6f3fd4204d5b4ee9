using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Proxy.Tests.Record;

[Collection(ListenersRunAlone.Name)]
public sealed class NginxSeriesTests
{
    [Fact]
    public async Task Canary_Requests_AreCountedAsIngressNginxDoes()
    {
        await using var v1 = await LiveBackend.StartAsync("v1");
        await using var v2 = await LiveBackend.StartAsync("v2", 500);
        var route = LiveProxy.Route(LiveProxy.Target("web"), LiveProxy.Target("web-canary", 0, canary: "web-canary"));
        route = route with { Split = route.Split with { Steering = [new SteerRule(SteerKind.Header, "X-Canary", 1)] } };
        await using var proxy = await LiveProxy.StartAsync(route, services: [("web", [v1.In("west")]), ("web-canary", [v2.In("west")])]);

        for (var i = 0; i < 3; i++) (await proxy.GetAsync("/api")).Dispose();
        for (var i = 0; i < 2; i++) (await proxy.GetAsync("/api/x", ("X-Canary", "always"))).Dispose();

        var page = await proxy.ScrapeAsync(5);
        (string, string)[] main = [("namespace", "default"), ("ingress", "web"), ("host", "foo.example"), ("path", "/api"), ("method", "GET")];
        Assert.Equal("counter", page.TypeOf("nginx_ingress_controller_requests"));
        Assert.Equal(3, page.Value("nginx_ingress_controller_requests", [.. main, ("canary", ""), ("status", "200"), ("service", "web")]));
        Assert.Equal(2, page.Value("nginx_ingress_controller_requests", [.. main, ("canary", "default-web-canary-80"), ("status", "500"), ("service", "web-canary")]));
        Assert.Equal(2, page.Value("nginx_ingress_controller_response_duration_seconds_count", ("ingress", "web"), ("canary", "default-web-canary-80")));
        Assert.Equal(3, page.Value("nginx_ingress_controller_response_duration_seconds_bucket", ("canary", ""), ("le", "+Inf")));

        // The same requests in our own words.
        Assert.Equal(2, page.Value("http_server_request_duration_seconds_count", ("canary", "default-web-canary-80"), ("split", "header"), ("error_type", "500")));
    }
}
