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

    private static readonly FlowStatus s_request = s_flow with
    {
        Type = "l7", TcpFlags = null, Service = new("demo", "rebel-base", "10.96.0.1:80"), Summary = "HTTP/1.1 GET http://rebel-base/death-star 200 3.25ms",
        L7 = new(
            "HTTP/1.1", "GET", "rebel-base", "/death-star", 200, 3_250_000, "10.96.0.1:80", "demo/rebel-base:80", "weight", "failover", "ok", null, "4bf92f3577b34da6a3ce929d0e0e4736", 2),
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
    public async Task Observe_ARequest_IsALineWithWhatWasDecided()
    {
        _agent.With("/flows", Line(s_request) + Line(s_request with
        {
            Verdict = "DROPPED", Reason = "Policy denied", ReasonCode = 133, Summary = "HTTP/1.1 PUT http://rebel-base/ 403 0.2ms", Destination = s_xwing with { Port = 80 },
            L7 = s_request.L7! with { Status = 403, Target = null, Split = null, Reason = null, Attempts = 0, End = "policy_denied", PolicyRule = "CiliumNetworkPolicy demo/x spec.egress[0]", TraceId = null },
        }));
        Assert.Equal(
            """
            Jan 01 12:00:00.007: demo/x-wing-1:41000 (ID:65836) -> east/demo/rebel-base-0:80 (ID:131472) via demo/rebel-base 10.96.0.1:80 egress FORWARDED (HTTP/1.1 GET http://rebel-base/death-star 200 3.25ms) west => east weight, failover; 2 attempts; trace 4bf92f3577b34da6a3ce929d0e0e4736
            Jan 01 12:00:00.007: demo/x-wing-1:41000 (ID:65836) -> demo/x-wing-1:80 (ID:65836) via demo/rebel-base 10.96.0.1:80 egress Policy denied DROPPED (HTTP/1.1 PUT http://rebel-base/ 403 0.2ms) west => west; ended policy_denied; by CiliumNetworkPolicy demo/x spec.egress[0]

            """,
            (await RunAsync()).Output);
    }

    [Fact]
    public async Task Observe_HostileTextOfARequest_DoesNotReachTheTerminal()
    {
        var hostile = "/\u001b[2J\u202egnp\u2028\n\u0085x";
        _agent.With("/flows", Line(s_request with { Summary = $"HTTP/1.1 GET http://a{hostile} 200 1ms", L7 = s_request.L7! with { Path = hostile, TraceId = "\u001b]0;x\u0007" } }));
        foreach (var output in new[] { (await RunAsync()).Output, (await RunAsync("-o", "json")).Output })
        {
            Assert.EndsWith("\n", output);
            Assert.DoesNotContain(output[..^1], sign => char.IsControl(sign) || sign is '\u202e' or '\u2028');
        }
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
    [InlineData("--type l7 --http-method GET --http-path ^/a --http-status 5+ --trace-id 4bf9", "type=l7&http-method=GET&http-path=%5E%2Fa&http-status=5%2B&trace-id=4bf9&last=20")]
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
