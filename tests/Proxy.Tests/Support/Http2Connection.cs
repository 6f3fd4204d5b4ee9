using System.Buffers.Binary;
using System.Text;

namespace ClusterMesh.Proxy.Tests.Support;

/// <summary>HTTP/2 frame by frame, for what HttpClient would never send. Fields are written as literals, without Huffman.</summary>
internal sealed class Http2Connection(RawConnection connection) : IDisposable
{
    private readonly MemoryStream _read = new();

    public static (string, string)[] Get(string path, string method = "GET", string authority = "shop.example") =>
        [(":method", method), (":scheme", "http"), (":path", path), (":authority", authority)];

    public static async Task<Http2Connection> ConnectAsync(int port)
    {
        var connection = await RawConnection.ConnectAsync(port);
        await connection.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        var http2 = new Http2Connection(connection);
        await http2.SendFrameAsync(4, 0, 0, []);
        return http2;
    }

    public Task SendHeadersAsync(int stream, bool end, params (string Name, string Value)[] fields)
    {
        using var block = new MemoryStream();
        foreach (var (name, value) in fields)
        {
            block.WriteByte(0);
            Write(block, name);
            Write(block, value);
        }

        return SendFrameAsync(1, (byte)(end ? 5 : 4), stream, block.ToArray());
    }

    public Task SendDataAsync(int stream, bool end, string text) => SendFrameAsync(0, (byte)(end ? 1 : 0), stream, Encoding.Latin1.GetBytes(text));

    public Task ResetAsync(int stream) => SendFrameAsync(3, 0, stream, [0, 0, 0, 8]);

    /// <summary>How the stream was answered: its status, "reset", "goaway" or "closed".</summary>
    public async Task<string> ReadOutcomeAsync(int stream)
    {
        while (true)
        {
            if (await ReadFrameAsync() is not { } frame) return "closed";
            if (frame.Type == 4 && (frame.Flags & 1) == 0) await SendFrameAsync(4, 1, 0, []);
            if (frame.Type == 7) return "goaway";
            if (frame.Stream != stream) continue;
            if (frame.Type == 3) return "reset";
            if (frame.Type == 1) return Status(frame.Payload);
        }
    }

    public void Dispose() => connection.Dispose();

    private static void Write(MemoryStream to, string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        if (bytes.Length < 127)
        {
            to.WriteByte((byte)bytes.Length);
        }
        else
        {
            to.WriteByte(127);
            var rest = bytes.Length - 127;
            for (; rest >= 128; rest >>= 7) to.WriteByte((byte)((rest & 127) | 128));
            to.WriteByte((byte)rest);
        }

        to.Write(bytes);
    }

    // The status comes first: indexed (RFC 7541 appendix A, 8 to 14) or a literal of three digits.
    private static string Status(ReadOnlySpan<byte> block)
    {
        while ((block[0] & 0xe0) == 0x20) block = block[((block[0] & 31) == 31 ? 2 + block[1..].IndexOfAnyInRange((byte)0, (byte)127) : 1)..];
        if ((block[0] & 0x80) != 0) return new[] { "200", "204", "206", "304", "400", "404", "500" }[(block[0] & 127) - 8];
        return Encoding.ASCII.GetString(block.Slice(2, 3));
    }

    private async Task SendFrameAsync(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8 | type);
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        await connection.SendAsync(frame);
    }

    private async Task<(byte Type, byte Flags, int Stream, byte[] Payload)?> ReadFrameAsync()
    {
        if (await TakeAsync(9) is not { } head) return null;
        var length = BinaryPrimitives.ReadInt32BigEndian(head) >>> 8;
        if (await TakeAsync(length) is not { } payload) return null;
        return (head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
    }

    private async Task<byte[]?> TakeAsync(int count)
    {
        while (_read.Length < count)
        {
            var more = await connection.ReadSomeAsync();
            if (more.Length == 0) return null;
            _read.Write(more);
        }

        var all = _read.ToArray();
        _read.SetLength(0);
        _read.Write(all, count, all.Length - count);
        return all[..count];
    }
}
