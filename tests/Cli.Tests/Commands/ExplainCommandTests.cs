using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Tests.Commands;

public sealed class ExplainCommandTests
{
    [Fact]
    public async Task Explain_OfAForwardedRequest_IsANumberedStoryThenTheOutcome()
    {
        await using var admin = await FakeAdmin.StartAsync(Samples.Forwarded);
        var (code, output, errors) = await CommandLine.RunAsync("explain", "GET", "http://canary.example/", "--admin", admin.Url);
        Assert.Equal((0, ""), (code, errors));
        Assert.Equal(
            """
             1. match  host canary.example is exact
             2. split  weight 25 of 100

            => forwarded by route demo/canary canary.example/ to demo/v2:http in east (failover)
              target   demo/v2:http 25% (canary demo/canary-v2)
              clusters east 100% (failover)
              backend  10.2.0.1:8080 in east, pod east-a

            """,
            output);
    }

    [Fact]
    public async Task Explain_OfARefusedRequest_SaysTheStatusAndEndsWithOne()
    {
        await using var admin = await FakeAdmin.StartAsync(Samples.Refused);
        var (code, output, _) = await CommandLine.RunAsync("explain", "GET", "nobody.example", "--admin", admin.Url);
        Assert.Equal(1, code);
        Assert.Contains("\n=> refused with 404 (no-route)\n", output);
    }

    [Fact]
    public async Task Explain_WithHeaders_SendsThemAllInOrder()
    {
        await using var admin = await FakeAdmin.StartAsync(Samples.Forwarded);
        await CommandLine.RunAsync("explain", "post", "canary.example/a/../b", "-H", "x-a: 1:2", "-H", "x-a:3", "--admin", admin.Url);
        Assert.Equal(("POST", "http://canary.example/a/../b"), (admin.Asked!.Method, admin.Asked.Url));
        Assert.Equal([new("x-a", "1:2"), new("x-a", "3")], admin.Asked.Headers);
    }

    [Fact]
    public async Task Explain_FromAPod_AsksTheAgentAndTellsTheKernelsWay()
    {
        await using var agent = await FakeAdmin.StartAsync(new Explanation(
            "forward", null, null, null, null, "demo/rebel-base:http", null, "east", null, [], [],
            [new("east", "10.2.0.7:8080", "active", null, true, 0, "rebel-base-0", "n2", null), new("west", "10.1.0.8:8080", "terminating", null, false, 0, null, null, null)],
            [new("way", "the kernel, connection by connection"), new("egress", "to \u001b[2Jx: allowed")]));
        var (code, output, errors) = await CommandLine.RunAsync("explain", "--from", "demo/x-wing", "get", "rebel-base", "-H", "a: b", "--agent", agent.Url);
        Assert.Equal((0, ""), (code, errors));
        Assert.Equal(
            """
             1. way     the kernel, connection by connection
             2. egress  to  [2Jx: allowed

            => forwarded by the kernel to demo/rebel-base:http in east
              backend  10.2.0.7:8080 in east, pod rebel-base-0

            """,
            output);
        Assert.Equal(("GET", "http://rebel-base", "demo/x-wing"), (agent.Asked!.Method, agent.Asked.Url, agent.Asked.From));
        Assert.Equal(new("a", "b"), Assert.Single(agent.Asked.Headers));
    }

    [Theory]
    [InlineData("drop", 1, "=> not let through: Policy denied")]
    [InlineData("proxy", 0, "=> the node's proxy decides, and could not be asked")]
    public async Task Explain_FromAPod_EndsAsItWould(string outcome, int code, string text)
    {
        await using var agent = await FakeAdmin.StartAsync(new Explanation(outcome, null, null, null, null, null, null, null, "Policy denied", [], [], [], [new("way", "x")]));
        var told = await CommandLine.RunAsync("explain", "--from", "x-wing", "GET", "rebel-base", "--agent", agent.Url);
        Assert.Equal(code, told.Code);
        Assert.Contains(text, told.Output);
        Assert.Equal("default/x-wing", agent.Asked!.From);
    }

    [Fact]
    public async Task Explain_RefusedByTheGateway_PrintsItsWords()
    {
        await using var admin = await FakeAdmin.StartAsync((404, ""), (400, """{"error":"url: bad escape"}"""));
        var (code, output, errors) = await CommandLine.RunAsync("explain", "GET", "http://a.example/%zz", "--admin", admin.Url);
        Assert.Equal((1, "", "clustermesh: url: bad escape\n"), (code, output, errors));
    }

    [Theory]
    [InlineData("explain", "GET")]
    [InlineData("explain", "G T", "http://a.example/")]
    [InlineData("explain", "GET", "/path")]
    [InlineData("explain", "GET", "ftp://a.example/")]
    [InlineData("explain", "GET", "http://a.example/", "-H", "no-colon")]
    [InlineData("explain", "GET", "http://a.example/", "-o", "yaml")]
    [InlineData("explain", "GET", "http://a.example/", "--from", "a/b/c")]
    public async Task Explain_WrongCommandLine_EndsWithTwoAndAsksNobody(params string[] arguments)
    {
        await using var admin = await FakeAdmin.StartAsync(Samples.Forwarded);
        var (code, _, errors) = await CommandLine.RunAsync([.. arguments, "--admin", admin.Url]);
        Assert.Equal(2, code);
        Assert.NotEmpty(errors);
        Assert.Null(admin.Asked);
    }
}
