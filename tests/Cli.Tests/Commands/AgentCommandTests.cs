using System.Text.Json.Nodes;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Tests.Commands;

public sealed class AgentCommandTests
{
    private static readonly ClusterStatus s_west = new("west", true, "/manifests/west", "synced", Samples.Noon) { ClusterId = 1, Services = 6 };

    private static readonly ClusterStatus s_east = new("east", false, "https://east:2379", "ready", Samples.Noon)
    {
        ClusterId = 2, Nodes = 3, Services = 7, Endpoints = 25, Identities = 8, CaughtUpAt = TimeProvider.System.GetUtcNow(),
    };

    private static readonly ClusterStatus s_lost = s_east with { State = "disconnected", Confirmed = false, Reason = "no endpoint answers", LastError = "connection refused" };

    [Fact]
    public async Task Status_OfAnAgentAlone_ShowsItAndEveryCluster()
    {
        await using var agent = await FakeAgent.StartAsync(_ => State(s_east));
        var (code, output, errors) = await CommandLine.RunAsync("status", "--agent", agent.Url);
        Assert.Equal((0, ""), (code, errors));
        Assert.StartsWith("AGENT      NODE   STATE   SNAPSHOT   STARTED AT             PROXIES   TELLS OTHERS", output);
        Assert.Contains("\nwest (1)   n1     ready   9          2026-01-01 12:00:00Z   2         6 services, 4 endpoints   yes      this agent   0.1.0\n", output);
        Assert.Matches("\neast      no      ready    2026-01-01 12:00:00Z   2    3       7          25          8            [0-9] s   https://east:2379   -\n", output);
        Assert.EndsWith("\nready\n", output);
    }

    [Fact]
    public async Task Status_WithAGateway_AddsWhoIsHealthy()
    {
        await using var agent = await FakeAgent.StartAsync(_ => State(s_east));
        await using var admin = await FakeAdmin.StartAsync(Samples.State());
        var (_, output, _) = await CommandLine.RunAsync("status", "--agent", agent.Url, "--admin", admin.Url);
        Assert.Contains("GATEWAY", output);
        Assert.Contains("\nAGENT", output);
        Assert.Contains("HEALTHY", output);
        Assert.Contains("7/8", output);
    }

    [Fact]
    public async Task Status_ARemoteIsLost_SaysSoAndThatItIsNotReady()
    {
        await using var agent = await FakeAgent.StartAsync(_ => State(s_lost));
        var (code, output, _) = await CommandLine.RunAsync("status", "--agent", agent.Url);
        Assert.Equal(0, code);
        Assert.Contains("disconnected, unconfirmed", output);
        Assert.EndsWith("\nnot ready: cluster east is disconnected (no endpoint answers)\n", output);
    }

    [Fact]
    public async Task Status_Wait_ReturnsOnceEverythingIsReady()
    {
        await using var agent = await FakeAgent.StartAsync(asked => State(asked < 3 ? s_lost : s_east));
        var (code, output, _) = await CommandLine.RunAsync("status", "--wait", "--agent", agent.Url);
        Assert.Equal(0, code);
        Assert.EndsWith("\nready\n", output);
        Assert.Equal(4, agent.Asked);
    }

    [Fact]
    public async Task Status_WaitInVain_Is1AndSaysWhatIsMissing()
    {
        await using var agent = await FakeAgent.StartAsync(_ => State(s_lost));
        var (code, output, _) = await CommandLine.RunAsync("status", "--wait", "--wait-duration", "300ms", "--agent", agent.Url, "-o", "json");
        var json = JsonNode.Parse(output)!;
        Assert.Equal(1, code);
        Assert.False((bool)json["ready"]!);
        Assert.Equal("cluster east is disconnected (no endpoint answers)", (string)json["missing"]![0]!);
        Assert.Equal("east", (string)json["agent"]!["clusters"]![1]!["name"]!);
    }

    [Fact]
    public async Task Status_NoAgentWhereOneWasNamed_Is1AndSaysHowToName()
    {
        var (code, output, errors) = await CommandLine.RunAsync("status", "--agent", "http://127.0.0.1:9");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("no agent at http://127.0.0.1:9", errors);
        Assert.Contains("--agent URL or CLUSTERMESH_AGENT", errors);
    }

    [Fact]
    public async Task NodeList_OfTwoClusters_HasALineEach()
    {
        await using var agent = await FakeAgent.StartAsync(_ => State(), [new("east", "n7", ["InternalIP 172.18.2.7"], ["10.2.7.0/24"], false) { Health = new("unreachable", "3 of 3 probes lost since 12:00:01.2", Samples.Noon, 412) }, new("west", "n1", ["InternalIP 172.18.1.1"], [], true)]);
        var (_, output, _) = await CommandLine.RunAsync("node", "list", "--agent", agent.Url);
        Assert.Equal(
            """
            CLUSTER   NODE   ADDRESSES               POD NETWORKS   CONFIRMED   HEALTH        RTT        REASON
            east      n7     InternalIP 172.18.2.7   10.2.7.0/24    no          unreachable   0.412 ms   3 of 3 probes lost since 12:00:01.2
            west      n1     InternalIP 172.18.1.1   -              yes         -             -          -

            """,
            output);
    }

    [Fact]
    public async Task IdentityList_OfTwoClusters_HasALineEach()
    {
        await using var agent = await FakeAgent.StartAsync(_ => State(), identities: [new(2, "", ["reserved:world"]), new(131073, "east", ["k8s:app=web", "k8s:io.kubernetes.pod.namespace=shop"])]);
        var (_, output, _) = await CommandLine.RunAsync("identity", "list", "--agent", agent.Url);
        Assert.Equal(
            """
            ID       CLUSTER   LABELS
            2        -         reserved:world
            131073   east      k8s:app=web k8s:io.kubernetes.pod.namespace=shop

            """,
            output);
    }

    private static AgentState State(params ClusterStatus[] remotes) => new(
        new("west", 1, "n1", "0.1.0", "ready", null, 9, Samples.Noon, 2, "this agent", new("https://west:2379", true, true, 6, 3, 4, null)),
        [s_west, .. remotes], [], []);
}
