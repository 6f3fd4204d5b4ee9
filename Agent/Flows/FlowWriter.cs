using ClusterMesh.Agent.Datapath;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Mesh.Status;
using Frontend = ClusterMesh.Bpf.Services.Frontend;

namespace ClusterMesh.Agent.Flows;

/// <summary>Writes a flow out: names, words, and the time of day.</summary>
/// <param name="node">"cluster/node"</param>
internal sealed class FlowWriter(string node, TimeProvider time)
{
    private static readonly FlowPeer s_nobody = new("", 0, 0, null, null, null, []);

    /// <summary>The kernel's monotonic clock, which a TimeProvider's timestamps are of on Linux.</summary>
    public TimeSpan KernelNow => TimeSpan.FromTicks((long)(time.GetTimestamp() * ((double)TimeSpan.TicksPerSecond / time.TimestampFrequency)));

    /// <param name="asked">Null: no service was asked for.</param>
    public FlowStatus Write(in FlowLine line, FlowNames names, Frontend? asked)
    {
        var told = line.Event;
        var protocol = ProtocolWords.Protocol(told.Protocol);
        var dropped = told.Type == FlowType.Drop;
        return new(
            At(told.Time), node, TypeWord(told.Type), Verdict(told.Type), dropped ? DropReasonText.Of(told.Reason) : null, dropped ? told.Reason : 0,
            told.Direction == Direction.Egress ? "egress" : "ingress", protocol,
            names.Peer(told.Source, told.SourcePort, told.SourceIdentity), names.Peer(told.Destination, told.DestinationPort, told.DestinationIdentity),
            asked is null ? null : names.Service(asked.Value, protocol),
            ProtocolWords.Flags(told.Protocol, told.TcpFlags), line.Count, line.Packets, line.Bytes,
            ProtocolWords.Summary(told.Protocol, told.TcpFlags, told.IcmpType));
    }

    /// <param name="why">"the kernel's ring was full"</param>
    public FlowStatus Lost(long count, string why) => new(
        time.GetUtcNow(), node, TypeWord(FlowType.LostEvents), "", null, 0, "", "", s_nobody, s_nobody, null, null, count, 0, 0, $"{count} events are not shown: {why}");

    public static string TypeWord(FlowType type) => type switch
    {
        FlowType.NewConnection => "new-connection",
        FlowType.End => "end",
        FlowType.Drop => "drop",
        FlowType.PolicyVerdict => "policy-verdict",
        FlowType.L7 => "l7",
        _ => "lost-events",
    };

    public static string Verdict(FlowType type) => type == FlowType.Drop ? "DROPPED" : "FORWARDED";

    // An event that claims to come from elsewhere than the last minute is one of now.
    private DateTimeOffset At(TimeSpan kernel)
    {
        var age = KernelNow - kernel;
        return time.GetUtcNow() - (age < TimeSpan.Zero || age > TimeSpan.FromMinutes(1) ? TimeSpan.Zero : age);
    }
}
