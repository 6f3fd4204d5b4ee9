using System.Buffers.Binary;

namespace ClusterMesh.Bpf.Tests;

/// <summary>The Internet checksums (RFC 1071) of a frame with a header of 20 bytes.</summary>
internal static class Checksums
{
    private const int Header = 14, Transport = 34;

    /// <summary>All of them; the transport's only where the packet is whole.</summary>
    public static void Fill(byte[] frame)
    {
        Write(frame, Header + 10, 0);
        Write(frame, Header + 10, OfHeader(frame));
        if (Place(frame) is not { } place) return;
        Write(frame, place, 0);
        Write(frame, place, OfTransport(frame) is 0 ? (ushort)0xffff : OfTransport(frame));
    }

    /// <summary>Right, or left out as UDP may.</summary>
    public static void AreRight(byte[] frame)
    {
        Assert.Equal(0, OfHeader(frame));
        if (Place(frame) is not { } place || (frame[23] == Frames.Udp && Read(frame, place) == 0)) return;
        Assert.Equal(0, OfTransport(frame));
    }

    /// <summary>Where the transport's is; null where there is none, or not all that it covers.</summary>
    private static int? Place(byte[] frame)
    {
        var offset = frame[23] switch { Frames.Icmp => 2, Frames.Tcp => 16, Frames.Udp => 6, _ => -1 };
        var whole = (Read(frame, 20) & 0x3fff) == 0;
        return whole && offset >= 0 && frame.Length >= Transport + offset + 2 ? Transport + offset : null;
    }

    private static ushort OfHeader(byte[] frame) => Fold(Sum(frame.AsSpan(Header, 20)));

    private static ushort OfTransport(byte[] frame)
    {
        var pseudo = frame[23] == Frames.Icmp ? 0 : Sum(frame.AsSpan(26, 8)) + frame[23] + (uint)(frame.Length - Transport);
        return Fold(pseudo + Sum(frame.AsSpan(Transport)));
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (; bytes.Length > 1; bytes = bytes[2..]) sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        return bytes.IsEmpty ? sum : sum + (uint)(bytes[0] << 8);
    }

    private static ushort Fold(uint sum)
    {
        while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }

    private static ushort Read(byte[] frame, int at) => BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(at));

    private static void Write(byte[] frame, int at, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(at), value);
}
