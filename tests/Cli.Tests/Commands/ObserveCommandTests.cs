using System.Text.Json;
using System.Text.RegularExpressions;
using ClusterMesh.Cli.Rendering;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Tests.Commands;

public sealed class ObserveCommandTests : IAsyncLifetime
{
    private static readonly FlowPeer s_xwing = new("10.1.0.5", 41000, 65836, "west", "demo", "x-wing-1", ["k8s:app=x-wing"]);

    private static readonly FlowStatus s_flow = new(
        Samples.Noon.AddMilliseconds(7), "west/n1", "new-connection", "FORWARDED", null, 0, "egress", "TCP", s_xwing,
        new("10.2.0.7", 80, 131472, "east", "demo", "rebel-base-0", []), null, "SYN", 1, 1, 60, "TCP Flags: SYN");

    private static readonly FlowStatus s_drop = s_flow with
    {
        Type = "drop", Verdict = "DROPPED", Reason = "Policy denied", ReasonCode = 133, Direction = "ingress", Count = 37,
        Source = new("192.0.2.1", 4000, 2, null, null, null, ["reserved:world"]), Destination = s_xwing with { Port = 80 },
    };

    private FakeDatapath _agent = null!;

    public async Task InitializeAsync() => _agent = await FakeDatapath.StartAsync();

    public Task DisposeAsync() => _agent.DisposeAsync().AsTask();

    [Fact]
    public async Task Observe_Compact_IsALineEachAsHubbleWritesIt()
    {
        _agent.With("/flows", Line(s_flow) + Line(s_drop));
        var (code, output, errors) = await RunAsync();
        Assert.Equal((0, ""), (code, errors));
        Assert.Equal(
            """
            Jan 01 12:00:00.007: demo/x-wing-1:41000 (ID:65836) -> east/demo/rebel-base-0:80 (ID:131472) egress FORWARDED (TCP Flags: SYN)
            Jan 01 12:00:00.007: 192.0.2.1:4000 (world) -> demo/x-wing-1:80 (ID:65836) ingress Policy denied DROPPED (TCP Flags: SYN) x37

            """,
            output);
        Assert.Equal("GET /flows?last=20", _agent.Asked.Single());
    }

    [Fact]
    public async Task Observe_Json_IsWhatTheAgentSaid()
    {
        _agent.With("/flows", Line(s_flow));
        Assert.Equal(Line(s_flow), (await RunAsync("-o", "json")).Output);
    }

    [Theory]
    [InlineData("--last 5 --verdict DROPPED", "verdict=DROPPED&last=5")]
    [InlineData("-f", "follow=true")]
    [InlineData("--follow -n 3", "last=3&follow=true")]
    [InlineData("--from-pod demo/x-wing --to-pod demo/a --to-pod demo/b", "from-pod=demo%2Fx-wing&to-pod=demo%2Fa&to-pod=demo%2Fb&last=20")]
    [InlineData("--pod demo/ --cluster east --from-cluster west --to-cluster north", "pod=demo%2F&cluster=east&from-cluster=west&to-cluster=north&last=20")]
    [InlineData("--port 80 -p tcp --ip 10.0.0.0/8 -t drop", "type=drop&protocol=tcp&port=80&ip=10.0.0.0%2F8&last=20")]
    [InlineData("--since 2026-01-01T12:00:00Z", "since=2026-01-01T12%3A00%3A00.0000000%2B00%3A00")]
    public async Task Observe_WithFilters_AsksForThem(string arguments, string query)
    {
        _agent.With("/flows", "\n");
        await RunAsync(arguments.Split(' '));
        Assert.Equal($"GET /flows?{query}", _agent.Asked.Single());
    }

    [Fact]
    public async Task Observe_SinceAWhile_IsBeforeNow()
    {
        _agent.With("/flows", "\n");
        await RunAsync("--since", "5m");
        var since = DateTimeOffset.Parse(Uri.UnescapeDataString(Regex.Match(_agent.Asked.Single(), "since=(.*)$").Groups[1].Value));
        Assert.InRange(TimeProvider.System.GetUtcNow() - since, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(6));
    }

    [Fact]
    public async Task Observe_AWrongTime_Is2()
    {
        var (code, _, errors) = await RunAsync("--since", "yesterday");
        Assert.Equal(2, code);
        Assert.Contains("'yesterday' is neither a time like 5m", errors);
    }

    [Fact]
    public async Task Observe_WhatTheAgentRefuses_IsOneLine()
    {
        var (code, output, errors) = await RunAsync();
        Assert.Equal((1, "", "clustermesh: there is no such thing here\n"), (code, output, errors));
    }

    [Fact]
    public void Line_OfAServicePingEndOrLoss_SaysWhatMatters()
    {
        Assert.EndsWith(
            "(ID:131472) via demo/rebel-base 10.96.0.1:80 egress FORWARDED (TCP Flags: ACK, FIN) closed after 12 packets, 3400 bytes",
            FlowLineView.Text(s_flow with { Type = "end", Service = new("demo", "rebel-base", "10.96.0.1:80"), Summary = "TCP Flags: ACK, FIN", Packets = 12, Bytes = 3400 }));
        Assert.Contains("demo/x-wing-1 (ID:65836) -> ", FlowLineView.Text(s_flow with { Protocol = "ICMPv4", Source = s_xwing with { Port = 0 } }));
        Assert.Equal(
            "Jan 01 12:00:00.007: 9 events are not shown: there are too many in a second",
            FlowLineView.Text(s_flow with { Type = "lost-events", Summary = "9 events are not shown: there are too many in a second" }));
    }

    private static string Line(FlowStatus flow) => JsonSerializer.Serialize(flow, StatusJson.Default.FlowStatus) + "\n";

    private Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) => CommandLine.RunAsync(["observe", .. arguments, "--agent", _agent.Url]);
}
