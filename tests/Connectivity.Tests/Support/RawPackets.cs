using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using ClusterMesh.Cli.Lab.Network;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>Packets that no honest program would send.</summary>
internal static class RawPackets
{
    private const int IpHeader = 20, TcpHeader = 20;

    /// <summary>A SYN with whatever source. The kernel fills in the IP checksum and length.</summary>
    public static byte[] Syn(IPEndPoint from, IPEndPoint to)
    {
        var packet = new byte[IpHeader + TcpHeader];
        Ip(packet, from.Address, to.Address, protocol: 6);
        var tcp = packet.AsSpan(IpHeader);
        BinaryPrimitives.WriteUInt16BigEndian(tcp, (ushort)from.Port);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], (ushort)to.Port);
        tcp[12] = TcpHeader / 4 << 4;
        tcp[13] = 2;
        BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], 64000);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[16..], Checksum(packet, TcpHeader));
        return packet;
    }

    /// <summary>A VXLAN datagram's payload: the header with that network id, and an Ethernet frame around the packet (RFC 7348 5).</summary>
    public static byte[] Vxlan(uint vni, byte[] packet)
    {
        var datagram = new byte[8 + 14 + packet.Length];
        datagram[0] = 0x08;
        BinaryPrimitives.WriteUInt32BigEndian(datagram.AsSpan(4), vni << 8);
        datagram.AsSpan(8, 12).Fill(0x02);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(20), 0x0800);
        packet.CopyTo(datagram, 22);
        return datagram;
    }

    /// <summary>A socket that sends what it is given, header and all.</summary>
    public static async Task<Socket> OpenAsync(NamespaceSockets sockets)
    {
        var socket = await sockets.OpenAsync(SocketType.Raw, ProtocolType.Raw);
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.HeaderIncluded, true);
        return socket;
    }

    private static void Ip(Span<byte> packet, IPAddress from, IPAddress to, byte protocol)
    {
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        (packet[8], packet[9]) = (64, protocol);
        from.TryWriteBytes(packet[12..], out _);
        to.TryWriteBytes(packet[16..], out _);
        var sum = Sum(packet[..IpHeader]);
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], Fold(sum));
    }

    private static ushort Checksum(ReadOnlySpan<byte> packet, int length) => Fold(Sum(packet[12..20]) + packet[9] + (uint)length + Sum(packet.Slice(IpHeader, length)));

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (var i = 0; i < bytes.Length; i += 2) sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]);
        return sum;
    }

    private static ushort Fold(uint sum)
    {
        while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }
}
