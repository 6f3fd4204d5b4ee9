using System.Buffers.Binary;
using System.Net;

namespace ClusterMesh.Agent.Probes;

/// <summary>ICMP echo requests, and what a raw socket hears in return: proof that a kernel is there, whether its agent is or not.</summary>
internal static class EchoPacket
{
    public const int Size = 16;

    private const byte EchoReply = 0, Unreachable = 3, EchoRequest = 8, PortUnreachable = 3, Udp = 17;

    /// <param name="nonce">Comes back in the reply.</param>
    public static void WriteRequest(Span<byte> to, ulong nonce, uint sequence)
    {
        to[..Size].Clear();
        to[0] = EchoRequest;
        BinaryPrimitives.WriteUInt16BigEndian(to[4..], (ushort)nonce);
        BinaryPrimitives.WriteUInt16BigEndian(to[6..], (ushort)sequence);
        BinaryPrimitives.WriteUInt64BigEndian(to[8..], nonce);
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], Checksum(to[..Size]));
    }

    /// <summary>
    /// The node whose kernel this proves to be there: an echo reply to us, or the refusal of a question of ours by the one that was
    /// asked. Null: anything else; an error of a router on the way proves nothing.
    /// </summary>
    /// <param name="packet">With its IPv4 header, as raw sockets give it.</param>
    public static IPAddress? ReadProof(ReadOnlySpan<byte> packet, ulong nonce)
    {
        if (!TrySkipHeader(packet, out var source, out _, out _, out var icmp) || icmp.Length < 8) return null;
        return icmp[0] switch
        {
            EchoReply when icmp.Length >= Size && BinaryPrimitives.ReadUInt64BigEndian(icmp[8..]) == nonce => new(source),
            Unreachable when icmp[1] == PortUnreachable && IsOurQuestion(icmp[8..], source, nonce) => new(source),
            _ => null,
        };
    }

    // Linux quotes all of so small a packet.
    private static bool IsOurQuestion(ReadOnlySpan<byte> quoted, ReadOnlySpan<byte> refuser, ulong nonce) =>
        TrySkipHeader(quoted, out _, out var asked, out var protocol, out var udp)
        && protocol == Udp && asked.SequenceEqual(refuser) && udp.Length >= 8 + ProbePacket.Size
        && ProbePacket.Read(udp.Slice(8, ProbePacket.Size)) is { IsAnswer: false } question && question.Nonce == nonce;

    private static bool TrySkipHeader(
        ReadOnlySpan<byte> packet, out ReadOnlySpan<byte> source, out ReadOnlySpan<byte> destination, out byte protocol, out ReadOnlySpan<byte> rest)
    {
        source = destination = rest = default;
        protocol = 0;
        if (packet.Length < 20 || packet[0] >> 4 != 4) return false;
        var header = (packet[0] & 15) * 4;
        if (header < 20 || packet.Length < header) return false;
        protocol = packet[9];
        source = packet[12..16];
        destination = packet[16..20];
        rest = packet[header..];
        return true;
    }

    private static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (var at = 0; at < bytes.Length; at += 2) sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
        while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }
}
