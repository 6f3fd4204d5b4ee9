using ClusterMesh.Bpf.Contract;

namespace ClusterMesh.Agent.Flows;

/// <summary>From the contract's events to ours: the only place that knows how the kernel tells.</summary>
internal static class KernelEvents
{
    /// <summary>The one reader of this node's events.</summary>
    public static FlowSource Open(Bpf.Datapath kernel)
    {
        var ring = kernel.OpenEvents();
        return new(ring.Poll, () => Lost(kernel), ring);
    }

    /// <summary>Null: of a kind that this agent does not know.</summary>
    public static FlowEvent? Read(in Event told)
    {
        FlowType? type = told.Type switch { EventType.Drop => FlowType.Drop, EventType.Connection => FlowType.NewConnection, _ => null };
        if (type is null) return null;
        return new(type.Value, TimeSpan.FromTicks((long)(told.Time / 100)), told.Source, told.Destination, told.SourcePort.Value, told.DestinationPort.Value, told.Protocol)
        {
            SourceIdentity = told.SourceIdentity,
            DestinationIdentity = told.DestinationIdentity,
            Direction = told.Direction,
            Reason = type is FlowType.Drop ? told.Reason : (byte)0,
            TcpFlags = told.TcpFlags,
            IcmpType = told.IcmpType,
            Packets = 1,
            Bytes = told.Length,
        };
    }

    private static long Lost(Bpf.Datapath kernel) =>
        (long)(kernel.Metrics.Of(PassReason.LostEvent, Direction.Ingress).Packets + kernel.Metrics.Of(PassReason.LostEvent, Direction.Egress).Packets);
}
