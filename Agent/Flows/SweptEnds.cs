using ClusterMesh.Bpf.Contract;

namespace ClusterMesh.Agent.Flows;

/// <summary>
/// Ends of connections that no packet told of, on their way from the sweep to the one reader of events. Bounded: of those that do not fit
/// only the number stays. Any thread.
/// </summary>
/// <param name="identityOf">Who an address is now.</param>
internal sealed class SweptEnds(Func<Address, uint> identityOf, TimeProvider time)
{
    public const int Most = 8192;

    private const byte IcmpProtocol = 1, IcmpEcho = 8;

    private readonly Lock _lock = new();
    private List<Event> _waiting = [];
    private long _lost;

    /// <summary>How many did not fit so far.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    public void Add(IReadOnlyList<KeyValuePair<ConnectionKey, Connection>> ended)
    {
        if (ended.Count == 0) return;
        var now = (ulong)time.GetElapsedTime(0).Ticks * 100;
        // Looking up who they were takes a moment, in which the reader may go on.
        List<Event> events = [.. ended.Take(Most).Select(connection => EndOf(connection.Key, connection.Value, now))];
        lock (_lock)
        {
            var fitting = Math.Min(events.Count, Most - _waiting.Count);
            _waiting.AddRange(events[..fitting]);
            Interlocked.Add(ref _lost, ended.Count - fitting);
        }
    }

    /// <summary>Those that wait, oldest first.</summary>
    public List<Event> Take()
    {
        lock (_lock)
        {
            var waiting = _waiting;
            _waiting = [];
            return waiting;
        }
    }

    // As the programs tell an end (events.h): as it was opened, seen by the pod that it was kept for.
    private Event EndOf(ConnectionKey key, Connection connection, ulong now)
    {
        var ingress = key.Scope == Scope.Ingress;
        return new()
        {
            Time = now,
            Type = EventType.End,
            Direction = ingress ? Direction.Ingress : Direction.Egress,
            Source = key.Source,
            Destination = key.Destination,
            SourcePort = key.SourcePort,
            DestinationPort = key.DestinationPort,
            Protocol = key.Protocol,
            IcmpType = key.Protocol == IcmpProtocol ? IcmpEcho : (byte)0,
            SourceIdentity = ingress ? connection.PeerIdentity : identityOf(key.Source),
            DestinationIdentity = ingress ? identityOf(key.Destination) : connection.PeerIdentity,
            Service = connection.Service,
            Packets = connection.Packets + connection.ReplyPackets,
            Bytes = connection.Bytes + connection.ReplyBytes,
        };
    }
}
