using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Agent.Flows;
using ClusterMesh.Agent.Flows.Requests;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Schema;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Sources;
using ClusterMesh.Mesh.Status;
using ClusterMesh.Mesh.Telemetry.Otel;
using ClusterMesh.Mesh.Telemetry.Prometheus;
using ClusterMesh.Mesh.Wire.Flows;
using ClusterMesh.Tests;
using System.Buffers;
using System.Text;

namespace ClusterMesh.Agent.Tests.Flows.Requests;

/// <summary>From what a proxy tells to what is shown and counted.</summary>
public sealed class RequestFlowsTests : IDisposable
{
    private static readonly RequestKind s_kind = new(IPAddress.Parse("10.1.0.5"), Told.XWing, IPAddress.Parse("10.2.0.7"), "east", "GET", 200, "affinity", false);

    private readonly BootTime _time = new();
    private readonly FlowMeter _meter = new();
    private readonly MeterReading _reading = new("ClusterMesh.Requests", "ClusterMesh.Flows");
    private readonly FlowHistory _history;
    private readonly RequestFlows _requests;

    public RequestFlowsTests()
    {
        var service = new ServiceObject(new(new("demo", "rebel-base")), [new("http", 80)], "10.96.0.1");
        var local = new ClusterObjects("west") { Services = new Dictionary<ObjectKey, ServiceObject> { [service.Key] = service } };
        var east = new RemoteObjects("east", RemoteStatus.Configured(Told.Noon) with { ClusterId = 2 })
        {
            Ips = ImmutableDictionary<string, IpRecord>.Empty.Add("10.2.0.7", new() { IP = "10.2.0.7", ID = Told.RebelBase, K8sNamespace = "demo", K8sPodName = "rebel-base-0" }),
        };
        var world = new FlowWorld(
            "west", 1, new(1, local, ImmutableSortedDictionary<string, ClusterStatus>.Empty, ImmutableDictionary<ObjectKey, ServiceModel>.Empty, []), [east],
            new Dictionary<uint, string> { [Told.XWing] = "k8s:app=x-wing;" }, new Dictionary<IPAddress, ObjectKey> { [s_kind.Source] = new("demo", "x-wing-6f9c8d7b5d-2kqzt") });
        var writer = new FlowWriter("west/n1", _time);
        _history = new(writer, _ => { });
        _requests = new("west/n1", new(() => world, _time), address => address == Told.Ip("10.2.0.7") ? Told.RebelBase : 2, _history, writer, _meter, _time);
    }

    public void Dispose()
    {
        _requests.Dispose();
        _meter.Dispose();
        _reading.Dispose();
    }

    [Fact]
    public void Request_ToAnotherCluster_HasTheNamesOfBothAndWhatWasDecided()
    {
        var flow = Shown(Of(s_kind));
        Assert.Equal((_time.GetUtcNow(), "west/n1", "l7", "FORWARDED", "egress", "TCP"), (flow.Time, flow.Node, flow.Type, flow.Verdict, flow.Direction, flow.Protocol));
        Assert.Equal(("west", "demo", "x-wing-6f9c8d7b5d-2kqzt", 41_000), (flow.Source.Cluster, flow.Source.Namespace, flow.Source.Pod, flow.Source.Port));
        Assert.Equal(("east", "demo", "rebel-base-0", 8080, Told.RebelBase), (flow.Destination.Cluster, flow.Destination.Namespace, flow.Destination.Pod, flow.Destination.Port, flow.Destination.Identity));
        Assert.Equal(new("demo", "rebel-base", "10.96.0.1:80"), flow.Service);
        Assert.Equal("HTTP/1.1 GET http://rebel-base/death-star 200 3.25ms", flow.Summary);
        Assert.Equal(
            new("HTTP/1.1", "GET", "rebel-base", "/death-star", 200, 3_250_000, "10.96.0.1:80", "demo/rebel-base:80", "only", "affinity", "ok", null, "4bf92f3577b34da6a3ce929d0e0e4736", 1),
            flow.L7);
        Assert.Null(flow.Reason);
    }

    [Fact]
    public void Request_DeniedByPolicy_IsADropInCiliumsWords()
    {
        var flow = Shown(Of(s_kind with { Status = 403, Reason = "policy_denied", Cluster = "", Ingress = true }) with { End = "policy_denied", PolicyRule = "CiliumNetworkPolicy demo/x spec.ingress[0]" });
        Assert.Equal(("l7", "DROPPED", "Policy denied", 133, "ingress"), (flow.Type, flow.Verdict, flow.Reason, flow.ReasonCode, flow.Direction));
        Assert.Equal("CiliumNetworkPolicy demo/x spec.ingress[0]", flow.L7!.PolicyRule);
        Assert.Equal(1, Page().Value("hubble_drop_total", ("reason", "Policy denied"), ("protocol", "HTTP")));
    }

    [Fact]
    public void Request_ToWhatIsNoService_HasNone() => Assert.Null(Shown(Of(s_kind) with { Asked = IPEndPoint.Parse("10.2.0.7:8080") }).Service);

    [Fact]
    public void Request_OfAClockThatIsWrong_IsOfNow() => Assert.Equal(_time.GetUtcNow(), Shown(Of(s_kind) with { Time = DateTimeOffset.UnixEpoch }).Time);

    [Fact]
    public void Losses_OfAProxy_AreALineEach()
    {
        _requests.Take(new([], [], 7, 3));
        Assert.Equal(
            ["7 events are not shown: there are too many requests in a second", "3 events are not shown: the proxy could not tell them in time"],
            _history.Read(FlowFilter.All).Select(flow => flow.Summary));
        Assert.Equal((7, 3), (Page().Value("hubble_lost_events_total", ("source", "observer_events_queue")), Page().Value("hubble_lost_events_total", ("source", "proxy"))));
    }

    [Fact]
    public void Series_OfFlowsAndOfNumbers_AreOneSum()
    {
        _requests.Take(new([Of(s_kind)], [new(s_kind, 9, TimeSpan.FromMilliseconds(18))], 0, 0));
        (string, string)[] labels =
        [
            ("source_namespace", "demo"), ("source_workload", "x-wing"), ("source_cluster", "west"), ("destination_namespace", "demo"), ("destination_workload", "rebel-base"),
            ("destination_cluster", "east"), ("method", "GET"), ("reporter", "client"),
        ];
        Assert.Equal(10, Page().Value("clustermesh_http_requests_total", [.. labels, ("status", "200"), ("reason", "affinity")]));
        Assert.Equal(10, Page().Value("clustermesh_http_request_duration_seconds_count", labels));
        Assert.Equal(0.02125, Page().Value("clustermesh_http_request_duration_seconds_sum", labels), 6);
        Assert.Equal(10, Page().Value("hubble_flows_processed_total", ("type", "l7"), ("verdict", "FORWARDED"), ("protocol", "HTTP")));
    }

    [Fact]
    public void Series_WithoutEnd_AreBounded()
    {
        for (var status = 0; status < 1_000; status++)
            foreach (var method in new[] { "GET", "POST" }) _requests.Take(new([], [new(s_kind with { Method = method, Status = status }, 1, TimeSpan.Zero)], 0, 0));
        var page = Page();
        Assert.Equal(RequestMeter.MostSeries, page.All("clustermesh_http_requests_total", ("source_workload", "x-wing")).Count);
        Assert.Equal(2_000, page.All("clustermesh_http_requests_total").Sum(sample => sample.Value));
    }

    private RequestFlow Of(RequestKind kind) => new(kind)
    {
        Time = _time.GetUtcNow(), Latency = TimeSpan.FromMicroseconds(3_250), SourcePort = 41_000, DestinationPort = 8080, Asked = IPEndPoint.Parse("10.96.0.1:80"),
        Method = "GET", Host = "rebel-base", Path = "/death-star", Protocol = "HTTP/1.1", Target = "demo/rebel-base:80", Split = "only", Pool = "affinity", End = "ok",
        TraceId = "4bf92f3577b34da6a3ce929d0e0e4736", Attempts = 1,
    };

    private FlowStatus Shown(RequestFlow flow)
    {
        _requests.Take(new([flow], [], 0, 0));
        return Assert.Single(_history.Read(FlowFilter.All));
    }

    private PrometheusPage Page()
    {
        var bytes = new ArrayBufferWriter<byte>();
        _reading.Write(new MetricText(bytes));
        return PrometheusPage.Parse(Encoding.UTF8.GetString(bytes.WrittenSpan));
    }
}
