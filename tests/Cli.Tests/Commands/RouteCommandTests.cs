using System.Text.Json.Nodes;

namespace ClusterMesh.Cli.Tests.Commands;

public sealed class RouteCommandTests
{
    [Fact]
    public async Task List_OfRoutes_ShowsTheSplitAndItsHealth()
    {
        await using var admin = await FakeAdmin.StartAsync(Samples.State());
        var (code, output, _) = await CommandLine.RunAsync("route", "list", "--admin", admin.Url);
        Assert.Equal(0, code);
        Assert.Contains("canary.example   /      Prefix   demo/v1:http 75%, demo/v2:http 25% unhealthy (sticky by cookie:user)", output);
        Assert.Contains("header x-canary always => demo/v2   Ingress demo/canary", output);
    }

    [Fact]
    public async Task List_AsJson_IsTheArrayOfRoutes()
    {
        await using var admin = await FakeAdmin.StartAsync(Samples.State());
        var (_, output, _) = await CommandLine.RunAsync("route", "list", "-o", "json", "--admin", admin.Url);
        Assert.Equal("canary.example", (string)Assert.Single(JsonNode.Parse(output)!.AsArray())!["host"]!);
    }
}
