using System.Buffers.Binary;
using System.Net;

namespace ClusterMesh.Bpf.Tests;

/// <summary>Ethernet frames with IPv4 inside, and their checksums.</summary>
internal static class Frames
{
    public const byte Icmp = 1, Tcp = 6, Udp = 17;
    public const byte Fin = 1, Syn = 2, Rst = 4, Ack = 16;
    public const ushort MoreFragments = 0x2000;

    /// <summary>Of TCP's flags in a frame.</summary>
    public const int FlagsOffset = Ethernet + IPv4Header + 13;
    private const int Ethernet = 14, IPv4Header = 20;

    public static byte[] TcpSegment(string source, ushort sourcePort, string destination, ushort port, byte flags, uint sequence = 0)
    {
        var segment = new byte[20];
        Ports(segment, sourcePort, port);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(4), sequence);
        (segment[12], segment[13]) = (0x50, flags);
        return IPv4(source, destination, Tcp, segment);
    }

    public static byte[] UdpDatagram(string source, ushort sourcePort, string destination, ushort port, int payload = 8)
    {
        var datagram = new byte[8 + payload];
        Ports(datagram, sourcePort, port);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(4), (ushort)datagram.Length);
        return IPv4(source, destination, Udp, datagram);
    }

    public static byte[] Echo(string source, string destination, ushort id, bool reply = false) =>
        IPv4(source, destination, Icmp, [(byte)(reply ? 0 : 8), 0, 0, 0, (byte)(id >> 8), (byte)id, 0, 1]);

    /// <summary>An error of that type about a frame, of which it quotes the IP header and 8 bytes.</summary>
    public static byte[] IcmpError(string source, string destination, byte type, byte[] about) =>
        IPv4(source, destination, Icmp, [type, 4, 0, 0, 0, 0, 0, 0, .. about.AsSpan(Ethernet, IPv4Header + 8)]);

    public static byte[] IPv4(string source, string destination, byte protocol, byte[] payload, ushort id = 0, ushort fragment = 0)
    {
        var frame = new byte[Ethernet + IPv4Header + payload.Length];
        frame.AsSpan(0, 12).Fill(0xee);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), 0x0800);
        var ip = frame.AsSpan(Ethernet);
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(IPv4Header + payload.Length));
        BinaryPrimitives.WriteUInt16BigEndian(ip[4..], id);
        BinaryPrimitives.WriteUInt16BigEndian(ip[6..], fragment);
        (ip[8], ip[9]) = (64, protocol);
        IPAddress.Parse(source).TryWriteBytes(ip[12..], out _);
        IPAddress.Parse(destination).TryWriteBytes(ip[16..], out _);
        payload.CopyTo(frame, Ethernet + IPv4Header);
        Checksums.Fill(frame);
        return frame;
    }

    /// <summary>The transport's bytes, cut into two fragments at a multiple of 8.</summary>
    public static (byte[] First, byte[] Second) Cut(byte[] frame, int at, ushort id)
    {
        var (source, destination) = (new IPAddress(frame.AsSpan(26, 4)).ToString(), new IPAddress(frame.AsSpan(30, 4)).ToString());
        var payload = frame[(Ethernet + IPv4Header)..];
        return (IPv4(source, destination, frame[23], payload[..at], id, MoreFragments), IPv4(source, destination, frame[23], payload[at..], id, (ushort)(at / 8)));
    }

    public static uint Sequence(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadUInt32BigEndian(frame[(FlagsOffset - 9)..]);

    public static uint Acknowledged(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadUInt32BigEndian(frame[(FlagsOffset - 5)..]);

    /// <summary>"from:port > to:port"; the ports of ICMP are nonsense.</summary>
    public static string Ends(ReadOnlySpan<byte> frame) => EndsOfPacket(frame[Ethernet..]);

    /// <summary>Of the packet that an ICMP error quotes.</summary>
    public static string QuotedEnds(ReadOnlySpan<byte> frame) => EndsOfPacket(frame[(Ethernet + IPv4Header + 8)..]);

    private static string EndsOfPacket(ReadOnlySpan<byte> ip)
    {
        var ports = ip[IPv4Header..];
        return $"{new IPAddress(ip[12..16])}:{BinaryPrimitives.ReadUInt16BigEndian(ports)} > {new IPAddress(ip[16..20])}:{BinaryPrimitives.ReadUInt16BigEndian(ports[2..])}";
    }

    private static void Ports(Span<byte> header, ushort source, ushort destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(header, source);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], destination);
    }
}
