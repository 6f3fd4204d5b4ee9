using System.Net;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Mesh.Identity;

namespace ClusterMesh.Agent.Flows;

/// <summary>From the contract's events to ours: the only place that knows how the kernel tells.</summary>
internal static class KernelEvents
{
    /// <summary>The one reader of this node's events: those of the programs, then the ends that the sweep found.</summary>
    public static FlowSource Open(Bpf.Datapath kernel, SweptEnds ends)
    {
        var ring = kernel.OpenEvents();
        return new(
            wait =>
            {
                // A list of its own each time.
                var events = ring.Poll(wait);
                events.AddRange(ends.Take());
                return events;
            },
            () => new(Count(kernel, PassReason.LostEvent), Count(kernel, PassReason.LimitedEvent) + ends.Lost),
            service => kernel.Services.TryFind(service, out var frontend) ? frontend : null,
            ring);
    }

    /// <summary>Who the programs would take an address for: a pod of this node, else the ipcache's, else the world.</summary>
    public static uint IdentityOf(Bpf.Datapath kernel, Address address)
    {
        if (kernel.Endpoints.TryGet(address, out var endpoint)) return endpoint.Identity;
        var ip = address.ToIPAddress();
        return kernel.Ipcache.TryGet(new(new IPNetwork(ip, ip.GetAddressBytes().Length * 8)), out var peer) ? peer.Identity : NumericIdentity.World;
    }

    /// <summary>Null: of a kind that this agent does not know.</summary>
    public static FlowEvent? Read(in Event told)
    {
        FlowType? type = told.Type switch { EventType.Drop => FlowType.Drop, EventType.Connection => FlowType.NewConnection, EventType.End => FlowType.End, _ => null };
        if (type is null) return null;
        return new(type.Value, TimeSpan.FromTicks((long)(told.Time / 100)), told.Source, told.Destination, told.SourcePort.Value, told.DestinationPort.Value, told.Protocol)
        {
            SourceIdentity = told.SourceIdentity,
            DestinationIdentity = told.DestinationIdentity,
            Direction = told.Direction,
            Reason = type is FlowType.Drop ? told.Reason : (byte)0,
            TcpFlags = told.TcpFlags,
            IcmpType = told.IcmpType,
            Service = told.Service,
            Packets = (long)told.Packets,
            Bytes = (long)told.Bytes,
        };
    }

    private static long Count(Bpf.Datapath kernel, PassReason reason) =>
        (long)(kernel.Metrics.Of(reason, Direction.Ingress).Packets + kernel.Metrics.Of(reason, Direction.Egress).Packets);
}
