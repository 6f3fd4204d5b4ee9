using System.Buffers.Binary;
using System.Text;

namespace ClusterMesh.Proxy.Tests.Support;

/// <summary>gRPC's length-prefixed messages, with text in them.</summary>
internal static class GrpcFrame
{
    public static byte[] Of(string message)
    {
        var text = Encoding.UTF8.GetBytes(message);
        var frame = new byte[5 + text.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), text.Length);
        text.CopyTo(frame, 5);
        return frame;
    }

    /// <summary>Null at the end of the stream.</summary>
    public static async Task<string?> ReadAsync(Stream stream)
    {
        var prefix = new byte[5];
        if (await stream.ReadAtLeastAsync(prefix, 5, throwOnEndOfStream: false) < 5) return null;
        var text = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix.AsSpan(1))];
        await stream.ReadExactlyAsync(text);
        return Encoding.UTF8.GetString(text);
    }
}
