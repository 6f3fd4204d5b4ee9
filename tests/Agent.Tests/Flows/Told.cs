using System.Net;
using ClusterMesh.Agent.Flows;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Agent.Tests.Flows;

/// <summary>Events and flows to begin with.</summary>
internal static class Told
{
    public const uint XWing = (1 << 16) + 300, RebelBase = (2 << 16) + 400;

    public static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly FlowPeer FromXWing = new("10.1.0.5", 41_000, XWing, "west", "demo", "x-wing-1", ["k8s:app=x-wing"]);

    public static readonly FlowPeer ToRebelBase = new("10.2.0.7", 80, RebelBase, "east", "demo", "rebel-base-0", ["k8s:app=rebel-base"]);

    public static readonly FlowStatus Flow = new(
        Noon, "west/n1", "new-connection", "FORWARDED", null, 0, "egress", "TCP", FromXWing, ToRebelBase, null, "SYN", 1, 1, 60, "TCP Flags: SYN");

    public static Address Ip(string text) => new(IPAddress.Parse(text));

    /// <summary>x-wing of the own cluster asks rebel-base of the other.</summary>
    public static Event Event(EventType type = EventType.Connection, ushort sourcePort = 41_000) => new()
    {
        Type = type,
        Source = Ip("10.1.0.5"),
        Destination = Ip("10.2.0.7"),
        SourceIdentity = XWing,
        DestinationIdentity = RebelBase,
        SourcePort = new(sourcePort),
        DestinationPort = new(80),
        Protocol = 6,
        TcpFlags = 2,
        Reason = type == EventType.Drop ? (byte)DropReason.Policy : (byte)0,
        Direction = Direction.Egress,
        Length = 60,
        Packets = 1,
        Bytes = 60,
    };

    public static FlowEvent Drop(string source = "10.1.0.5", ushort sourcePort = 41_000, ushort port = 80, DropReason reason = DropReason.Policy) =>
        KernelEvents.Read(Event(EventType.Drop, sourcePort) with { Source = Ip(source), DestinationPort = new(port), Reason = (byte)reason })!.Value;

    public static FlowEvent Connection(ushort sourcePort = 41_000) => KernelEvents.Read(Event(sourcePort: sourcePort))!.Value;
}
