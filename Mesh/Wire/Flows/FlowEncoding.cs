using System.Collections.Immutable;
using System.Net;
using Google.Protobuf;
using Messages = ClusterMesh.Mesh.Wire.Protos;

namespace ClusterMesh.Mesh.Wire.Flows;

/// <summary>Reports as messages and back. Coming back every text is cut, and what has no addresses or is too much is left out and counted.</summary>
internal static class FlowEncoding
{
    /// <summary>Counted requests of one report: more than a proxy serves between two of them. Each of them costs the agent some work.</summary>
    public const long MostCounted = 100_000;

    // So large that none is, and so small that some can be added up.
    private const long Most = 1_000_000_000_000;

    // Of all requests of a count together.
    private static readonly long s_longest = TimeSpan.FromDays(365).Ticks / TimeSpan.TicksPerMicrosecond;

    public static Messages.RequestFlow Encode(RequestFlow flow) => new()
    {
        Kind = Encode(flow.Kind),
        Time = (flow.Time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
        LatencyMicroseconds = Microseconds(flow.Latency),
        SourcePort = flow.SourcePort,
        DestinationPort = flow.DestinationPort,
        Asked = ByteString.CopyFrom(flow.Asked.Address.GetAddressBytes()),
        AskedPort = flow.Asked.Port,
        Method = flow.Method,
        Host = flow.Host,
        Path = flow.Path,
        Protocol = flow.Protocol,
        Target = flow.Target,
        Split = flow.Split,
        Pool = flow.Pool,
        End = flow.End,
        PolicyRule = flow.PolicyRule,
        TraceId = flow.TraceId,
        Attempts = flow.Attempts,
    };

    public static Messages.RequestCount Encode(RequestCount count) => new()
    {
        Kind = Encode(count.Kind),
        Count = count.Count,
        LatencyMicroseconds = Microseconds(count.Latency),
    };

    public static FlowReport Decode(Messages.FlowReport message)
    {
        ImmutableArray<RequestFlow> flows = [.. message.Flows.Select(Decode).OfType<RequestFlow>()];
        var (counts, lost) = (ImmutableArray.CreateBuilder<RequestCount>(), Number(message.Lost) + message.Flows.Count - flows.Length);
        var room = MostCounted;
        foreach (var one in message.Counts)
        {
            var part = counts.Count < RequestCounts.Most && Decode(one.Kind) is { } kind ? new RequestCount(kind, Number(one.Count), Latency(one.LatencyMicroseconds)).Part(room) : default;
            if (part.Count > 0) counts.Add(part);
            room -= part.Count;
            lost = Number(lost + Number(one.Count) - part.Count);
        }

        return new(flows, counts.ToImmutable(), Number(message.Limited), lost);
    }

    private static Messages.RequestKind Encode(in RequestKind kind) => new()
    {
        Source = ByteString.CopyFrom(kind.Source.GetAddressBytes()),
        SourceIdentity = kind.SourceIdentity,
        Destination = ByteString.CopyFrom(kind.Destination.GetAddressBytes()),
        Cluster = kind.Cluster,
        Method = kind.Method,
        Status = kind.Status,
        Reason = kind.Reason,
        Ingress = kind.Ingress,
    };

    private static RequestFlow? Decode(Messages.RequestFlow message)
    {
        if (Decode(message.Kind) is not { } kind || Address(message.Asked) is not { } asked) return null;
        return new(kind)
        {
            Time = DateTimeOffset.UnixEpoch + TimeSpan.FromMicroseconds(Math.Clamp(message.Time, 0, 253_402_300_799_999_999)),
            Latency = Latency(message.LatencyMicroseconds),
            SourcePort = Port(message.SourcePort),
            DestinationPort = Port(message.DestinationPort),
            Asked = new(asked, Port(message.AskedPort)),
            Method = Text(message.Method),
            Host = Text(message.Host),
            Path = Text(message.Path),
            Protocol = Text(message.Protocol),
            Target = Text(message.Target),
            Split = Text(message.Split),
            Pool = Text(message.Pool),
            End = Text(message.End),
            PolicyRule = Text(message.PolicyRule),
            TraceId = Text(message.TraceId),
            Attempts = Math.Max(0, message.Attempts),
        };
    }

    private static RequestKind? Decode(Messages.RequestKind? message) =>
        message is not null && Address(message.Source) is { } source && Address(message.Destination) is { } destination
            ? new(source, message.SourceIdentity, destination, Text(message.Cluster), Text(message.Method), Math.Clamp(message.Status, 0, 999), Text(message.Reason), message.Ingress)
            : null;

    private static IPAddress? Address(ByteString bytes) => bytes.Length is 4 or 16 ? new(bytes.Span) : null;

    private static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    private static TimeSpan Latency(long microseconds) => TimeSpan.FromMicroseconds(Math.Clamp(microseconds, 0, s_longest));

    private static long Number(long number) => Math.Clamp(number, 0, Most);

    private static int Port(int port) => port is >= 0 and <= ushort.MaxValue ? port : 0;

    private static string Text(string text) =>
        text.Length <= RequestFlow.LongestText ? text : text[..(RequestFlow.LongestText - (char.IsHighSurrogate(text[RequestFlow.LongestText - 1]) ? 1 : 0))];
}
