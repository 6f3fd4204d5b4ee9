using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClusterMesh.Proxy.Tests.Support;

/// <summary>One end of a TCP connection that speaks whatever bytes a test wants; text is Latin-1, one char a byte.</summary>
internal sealed class RawConnection(Socket socket) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private byte[] _buffer = new byte[64 * 1024];
    private int _length;

    public static async Task<RawConnection> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new(socket);
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[await socket.SendAsync(bytes)..];
    }

    /// <summary>Sends what it can: the other side may well have hung up already.</summary>
    public async Task TrySendAsync(string text)
    {
        try
        {
            await SendAsync(text);
        }
        catch (SocketException)
        {
        }
    }

    /// <summary>Start line and headers; null when the connection ended before.</summary>
    public async Task<RawMessage?> ReadHeadAsync()
    {
        int end;
        while ((end = _buffer.AsSpan(0, _length).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (await FillAsync() == 0) return null;
        }

        return RawMessage.Parse(Encoding.Latin1.GetString(Take(end + 4)));
    }

    /// <summary>A whole response; interim ones are skipped. Fails the test when there is none.</summary>
    public async Task<RawMessage> ReadReplyAsync(bool head = false)
    {
        while (true)
        {
            var reply = await ReadHeadAsync() ?? throw new InvalidOperationException("the connection ended without a reply");
            if (reply.Status is >= 100 and < 200 and not 101) continue;
            return head || reply.Status is 101 or 204 or 304 ? reply : await WithBodyAsync(reply, untilClose: true);
        }
    }

    /// <summary>A whole request; null when the connection ended before one came.</summary>
    public async Task<RawMessage?> ReadRequestAsync() => await ReadHeadAsync() is { } head ? await WithBodyAsync(head, untilClose: false) : null;

    public async Task<RawMessage> WithBodyAsync(RawMessage message, bool untilClose)
    {
        if (message.Chunked) return await WithChunksAsync(message);
        if (message.Length is not { } length && !untilClose) return message;
        var wanted = (int?)message.Length ?? int.MaxValue;
        while (_length < wanted && await FillAsync() > 0) { }
        var whole = message.Length is null || _length >= wanted;
        return message with { Body = Take(Math.Min(wanted, _length)), Whole = whole };
    }

    /// <summary>Any bytes at all; empty at the end of the connection.</summary>
    public async Task<byte[]> ReadSomeAsync()
    {
        if (_length == 0) await FillAsync();
        return Take(_length);
    }

    /// <summary>True when the other side hangs up and says nothing more before.</summary>
    public async Task<bool> EndsAsync() => _length == 0 && await FillAsync() == 0;

    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    public void Dispose() => socket.Dispose();

    private async Task<RawMessage> WithChunksAsync(RawMessage message)
    {
        using var body = new MemoryStream();
        while (true)
        {
            if (await LineAsync() is not { } line) return message with { Body = body.ToArray(), Whole = false };
            var size = int.Parse(line.Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            while (_length < size + 2 && await FillAsync() > 0) { }
            if (_length < size + 2) return message with { Body = [.. body.ToArray(), .. Take(_length)], Whole = false };
            if (size == 0 && _buffer.AsSpan(0, 2).SequenceEqual("\r\n"u8)) break;
            if (size == 0) return await WithTrailersAsync(message, body.ToArray());
            body.Write(Take(size));
            Take(2);
        }

        Take(2);
        return message with { Body = body.ToArray() };
    }

    private async Task<RawMessage> WithTrailersAsync(RawMessage message, byte[] body)
    {
        var trailers = await ReadHeadAsync();
        if (trailers is null) return message with { Body = body, Whole = false };
        var lines = RawMessage.Parse("\r\n" + trailers.StartLine).Headers.Concat(trailers.Headers);
        return message with { Body = body, Headers = [.. message.Headers, .. lines] };
    }

    private async Task<string?> LineAsync()
    {
        int end;
        while ((end = _buffer.AsSpan(0, _length).IndexOf("\r\n"u8)) < 0)
        {
            if (await FillAsync() == 0) return null;
        }

        return Encoding.Latin1.GetString(Take(end + 2))[..^2];
    }

    private byte[] Take(int count)
    {
        var taken = _buffer[..count];
        _buffer.AsSpan(count, _length - count).CopyTo(_buffer);
        _length -= count;
        return taken;
    }

    // A reset counts as an end.
    private async Task<int> FillAsync()
    {
        if (_length == _buffer.Length) Array.Resize(ref _buffer, 2 * _buffer.Length);
        using var timeout = new CancellationTokenSource(s_patience);
        try
        {
            var read = await socket.ReceiveAsync(_buffer.AsMemory(_length), timeout.Token);
            _length += read;
            return read;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return 0;
        }
    }
}
