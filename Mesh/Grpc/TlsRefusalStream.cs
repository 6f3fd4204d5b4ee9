using System.Security.Authentication;

namespace ClusterMesh.Mesh.Grpc;

/// <summary>
/// With TLS 1.3 a server refuses our certificate when the handshake is over on our side. What is seen of that then depends on
/// which of our reads and writes meets the closed connection first. So whatever fails before the server has said anything counts
/// as its refusal; a server that speaks HTTP/2 says its settings at once.
/// </summary>
internal sealed class TlsRefusalStream(Stream inner) : Stream
{
    public const string Text = "the server ended the connection right after the handshake, as when it refuses our certificate";

    private volatile bool _heard;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel = default) =>
        _heard ? inner.ReadAsync(buffer, cancel) : ReadFirstAsync(buffer, cancel);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancel = default) =>
        _heard ? inner.WriteAsync(buffer, cancel) : WriteFirstAsync(buffer, cancel);

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancel) => inner.FlushAsync(cancel);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override ValueTask DisposeAsync() => inner.DisposeAsync();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadFirstAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        try
        {
            var read = await inner.ReadAsync(buffer, cancel);
            if (read == 0 && buffer.Length > 0)
                throw Refused(null);
            _heard |= read > 0;
            return read;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw Refused(e);
        }
    }

    private async ValueTask WriteFirstAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancel)
    {
        try
        {
            await inner.WriteAsync(buffer, cancel);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw Refused(e);
        }
    }

    private static AuthenticationException Refused(Exception? e)
    {
        while (e?.InnerException is { } cause) e = cause;
        // An alert says more than that a socket is closed.
        var alert = e?.Message.Contains("alert", StringComparison.OrdinalIgnoreCase) == true ? $" ({e.Message})" : "";
        return new AuthenticationException(Text + alert);
    }
}
