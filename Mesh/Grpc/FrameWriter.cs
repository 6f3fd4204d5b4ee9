using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace ClusterMesh.Mesh.Grpc;

/// <summary>Writes a message with its length before it; nothing is compressed.</summary>
internal static class FrameWriter
{
    private const int Header = 5;

    /// <exception cref="GrpcException">It is over the limit; nothing was written.</exception>
    public static int Write(IBufferWriter<byte> to, IMessage message, int largest)
    {
        var size = message.CalculateSize();
        Check(size, largest);
        var frame = to.GetSpan(Header + size)[..(Header + size)];
        frame[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(frame[1..], size);
        message.WriteTo(frame[Header..]);
        to.Advance(frame.Length);
        return frame.Length;
    }

    public static void Check(int size, int largest)
    {
        if (size > largest)
            throw new GrpcException(GrpcStatus.ResourceExhausted, $"a message of {size} bytes is larger than the {largest} that may be sent") { Break = GrpcBreak.TooLarge };
    }
}
