using System.Globalization;
using System.Net;
using ClusterMesh.Agent.Datapath;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Mesh.Status;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Mesh.Wire.Flows;

namespace ClusterMesh.Agent.Flows.Requests;

/// <summary>Requests that this node's proxies tell of: named, counted, and put into the history beside what the kernel tells. Any thread.</summary>
/// <param name="identityOf">Who an address is now.</param>
internal sealed class RequestFlows(
    string node, CurrentNames names, Func<Address, uint> identityOf, FlowHistory history, FlowWriter writer, FlowMeter meter, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_future = TimeSpan.FromMinutes(1);

    // One after the other: names are looked up by one thread at a time.
    private readonly Lock _lock = new();
    private readonly RequestMeter _requests = new();

    public void Take(FlowReport report)
    {
        lock (_lock)
        {
            var now = names.Now();
            foreach (var flow in report.Flows) history.Add(Write(flow, now));
            foreach (var count in report.Counts) Count(count.Kind, now, count.Count, count.Latency);
            if (report.Limited > 0) Lost(report.Limited, FlowMeter.Budget, "there are too many requests in a second");
            if (report.Lost > 0) Lost(report.Lost, FlowMeter.Proxy, "the proxy could not tell them in time");
        }
    }

    public void Dispose() => _requests.Dispose();

    private FlowStatus Write(RequestFlow flow, FlowNames now)
    {
        var (source, destination) = Count(flow.Kind, now, 1, flow.Latency);
        var denied = IsDenied(flow.Kind);
        var service = now.Service(new(flow.Asked.Address, (ushort)flow.Asked.Port, (byte)6), "TCP");
        return new(
            At(flow.Time), node, FlowWriter.TypeWord(FlowType.L7), FlowWriter.Verdict(denied ? FlowType.Drop : FlowType.L7),
            denied ? DropReasonText.Of((byte)DropReason.Policy) : null, denied ? (int)DropReason.Policy : 0, flow.Kind.Ingress ? "ingress" : "egress", "TCP",
            source with { Port = flow.SourcePort }, destination with { Port = flow.DestinationPort }, service.Name.Length == 0 ? null : service, null, 1, 0, 0, Summary(flow))
        {
            L7 = new(
                flow.Protocol, flow.Method, flow.Host, flow.Path, flow.Kind.Status, (long)flow.Latency.TotalNanoseconds, flow.Asked.ToString(), Text(flow.Target), Text(flow.Split),
                Text(flow.Pool), flow.End, Text(flow.PolicyRule), Text(flow.TraceId), flow.Attempts),
        };
    }

    private (FlowPeer Source, FlowPeer Destination) Count(in RequestKind kind, FlowNames now, long count, TimeSpan latency)
    {
        var address = new Address(kind.Destination);
        var destination = now.Peer(address, 0, identityOf(address));
        // The proxy knows whose backend it picked, also where two clusters have the address.
        var peers = (Source: now.Peer(new(kind.Source), 0, kind.SourceIdentity), Destination: kind.Cluster.Length == 0 ? destination : destination with { Cluster = kind.Cluster });
        meter.Requests(count, IsDenied(kind));
        _requests.Record(peers.Source, peers.Destination, kind, count, latency);
        return peers;
    }

    private void Lost(long count, string source, string why)
    {
        meter.Lost(count, source);
        history.Add(writer.Lost(count, why));
    }

    // A proxy's clock is this node's; one that is not is not believed.
    private DateTimeOffset At(DateTimeOffset told)
    {
        var now = time.GetUtcNow();
        return told > now + s_future || told < now - TimeSpan.FromDays(1) ? now : told;
    }

    private static string Summary(RequestFlow flow) => string.Create(
        CultureInfo.InvariantCulture, $"{flow.Protocol} {flow.Method} http://{flow.Host}{flow.Path} {flow.Kind.Status} {flow.Latency.TotalMilliseconds:0.##}ms");

    private static bool IsDenied(in RequestKind kind) => kind.Reason == EndReason.PolicyDenied.Text();

    private static string? Text(string text) => text.Length == 0 ? null : text;
}
