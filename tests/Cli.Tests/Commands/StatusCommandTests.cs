using System.Text.Json.Nodes;

namespace ClusterMesh.Cli.Tests.Commands;

public sealed class StatusCommandTests
{
    [Fact]
    public async Task Status_Piped_PrintsGatewayClustersAndCountsInPlainColumns()
    {
        await using var admin = await FakeAdmin.StartAsync(Samples.State());
        var (code, output, errors) = await CommandLine.RunAsync("status", "--admin", admin.Url);
        Assert.Equal((0, ""), (code, errors));
        Assert.StartsWith("GATEWAY   STATE   SNAPSHOT   ", output);
        Assert.Contains("\nwest      ready   12         2026-01-01 12:00:00Z", output);
        Assert.Contains("\nwest      yes     synced   7       6          7/8       2026-01-01 12:00:00Z   /manifests/west   -\n", output);
        Assert.Contains("\neast      no      failed   0       0          0/0       2026-01-01 12:00:00Z   /manifests/east   no such directory\n", output);
        Assert.Contains("2 services (1 global), 1 route, 0 certificates, 0 problems; not read: 2 ConfigMap\n", output);
        Assert.DoesNotContain('\u001b', output);
        Assert.DoesNotContain('│', output);
    }

    [Theory]
    [InlineData(20, false)]
    [InlineData(23, true, "--problems")]
    [InlineData(23, true, "--problems", "all")]
    public async Task Status_ManyProblems_PrintsTheFirstOrAllAsAsked(int printed, bool all, params string[] option)
    {
        await using var admin = await FakeAdmin.StartAsync(Samples.State([.. Enumerable.Range(1, 23).Select(Samples.Problem)]));
        var (_, output, _) = await CommandLine.RunAsync(["status", "--admin", admin.Url, .. option]);
        Assert.Equal(printed, output.Split('\n').Count(line => line.Contains("Ingress demo/web-")));
        Assert.Equal(!all, output.Contains("3 more: clustermesh status --problems all"));
    }

    [Fact]
    public async Task Status_AsJson_IsTheGatewaysOwnJsonOfTheseParts()
    {
        var json = """{"gateway":{"cluster":"west","newer":1},"clusters":[],"services":[{"name":"x"}],"routes":[],"certificates":[],"problems":[]}""";
        await using var admin = await FakeAdmin.StartAsync((200, json), (404, ""));
        var (code, output, _) = await CommandLine.RunAsync("status", "-o", "json", "--admin", admin.Url);
        var printed = JsonNode.Parse(output)!.AsObject();
        Assert.Equal(0, code);
        Assert.Equal(["gateway", "clusters", "certificates", "problems", "ready", "missing"], printed.Select(part => part.Key));
        Assert.Equal(1, (int)printed["gateway"]!["newer"]!);
        Assert.Contains("\n  \"gateway\"", output);
    }
}
