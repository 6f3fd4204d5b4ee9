using System.Text.Json.Nodes;

namespace ClusterMesh.Cli.Tests.Commands;

public sealed class ServiceCommandTests
{
    [Fact]
    public async Task List_OfServices_HasALinePerPort()
    {
        await using var admin = await FakeAdmin.StartAsync(Samples.State());
        var (code, output, _) = await CommandLine.RunAsync("service", "list", "--admin", admin.Url);
        Assert.Equal(0, code);
        Assert.Equal(
            """
            NAMESPACE   NAME         PORT      MODE                     HEALTHY   CLUSTERS             NOW
            demo        rebel-base   http:80   global, affinity local   2/3       west 0/1, east 2/2   east 100% (failover)
            default     web          8080      not global               0/0       -                    nowhere

            """,
            output);
    }

    [Fact]
    public async Task Get_OfAService_TellsChosenSetWhySwitchAndEachBackend()
    {
        await using var admin = await FakeAdmin.StartAsync(Samples.State());
        var (code, output, _) = await CommandLine.RunAsync("service", "get", "demo/rebel-base", "--admin", admin.Url);
        Assert.Equal(0, code);
        Assert.Contains("mode     global, affinity local\norder    east,north\n", output);
        Assert.Contains("now      east 100% (failover)\nwhy      affinity local: 0 of 1 healthy in west\n", output);
        Assert.Contains("switched 2026-01-01 12:00:00Z: no healthy backend left in west\n", output);
        Assert.Contains("\nwest      1          0         no       -       -\neast      2          2         yes      100%    failover\n", output);
        Assert.Contains("\nwest      10.1.0.1:8080   ejected   no       0           west-a   node-1   a      connection refused, until 12:00:05\n", output);
    }

    [Theory]
    [InlineData("web", 0)]
    [InlineData("default/web", 0)]
    [InlineData("rebel-base", 1)]
    [InlineData("demo/web", 1)]
    [InlineData("a/b/c", 2)]
    [InlineData("/web", 2)]
    public async Task Get_ByName_FindsItInItsNamespaceOrEndsWithACode(string name, int expected)
    {
        await using var admin = await FakeAdmin.StartAsync(Samples.State());
        var (code, output, errors) = await CommandLine.RunAsync("service", "get", name, "--admin", admin.Url);
        Assert.Equal(expected, code);
        Assert.Equal(expected == 0, output.Length > 0 && errors.Length == 0);
    }

    [Fact]
    public async Task Get_OfAMissingService_NamesItAndTheCluster()
    {
        await using var admin = await FakeAdmin.StartAsync(Samples.State());
        var (_, _, errors) = await CommandLine.RunAsync("service", "get", "demo/nobody", "--admin", admin.Url);
        Assert.Equal("clustermesh: service demo/nobody not found in cluster west\n", errors);
    }

    [Fact]
    public async Task Get_AsJson_IsThatServiceAlone()
    {
        await using var admin = await FakeAdmin.StartAsync(Samples.State());
        var (_, output, _) = await CommandLine.RunAsync("service", "get", "demo/rebel-base", "-o", "json", "--admin", admin.Url);
        var service = JsonNode.Parse(output)!;
        Assert.Equal("rebel-base", (string)service["name"]!);
        Assert.Equal("failover", (string)service["ports"]![0]!["pools"]![0]!["reason"]!);
    }
}
