using System.Buffers;

namespace ClusterMesh.Proxy.Retry;

/// <summary>
/// A request body that can be sent again: it keeps what was read, up to 64 KiB (Linkerd's limit, peers.md section 3), so that
/// another attempt starts from the first byte. Beyond that it only passes through.
/// </summary>
internal sealed class ReplayableBody(Stream inner) : Stream
{
    public const int Limit = 64 * 1024;

    private byte[]? _kept;
    private int _length;
    private int _position;
    private bool _overflowed;
    private bool _ended;
    private volatile bool _reading;

    /// <summary>Every byte that was read so far is kept, and no earlier attempt is still reading.</summary>
    public bool CanReplay => !_overflowed && !_reading;

    /// <summary>A copy of the body where all of it has been read and kept, else null.</summary>
    public byte[]? Whole() => CanReplay && _ended ? _kept.AsSpan(0, _length).ToArray() : null;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public void Rewind() => _position = 0;

    /// <summary>Gives the buffer back; called once, when the request is over.</summary>
    public void Release()
    {
        // A read that was given up may still come to its end, and would write into what is somebody else's by then.
        Drop(giveBack: !_reading);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_overflowed && _position < _length)
        {
            var count = Math.Min(buffer.Length, _length - _position);
            _kept.AsMemory(_position, count).CopyTo(buffer);
            _position += count;
            return count;
        }

        _reading = true;
        var read = await inner.ReadAsync(buffer, cancellationToken);
        if (!_overflowed) Keep(buffer.Span[..read]);
        if (read == 0 && buffer.Length > 0) _ended = true;
        _reading = false;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Drop(bool giveBack)
    {
        var kept = Interlocked.Exchange(ref _kept, null);
        _overflowed = true;
        if (giveBack && kept is not null) ArrayPool<byte>.Shared.Return(kept);
    }

    private void Keep(ReadOnlySpan<byte> read)
    {
        if (_length + read.Length > Limit)
        {
            Drop(giveBack: true);
            return;
        }

        if (_kept is null || _length + read.Length > _kept.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Min(Limit, Math.Max(2 * _length, _length + read.Length)));
            _kept.AsSpan(0, _length).CopyTo(larger);
            if (_kept is not null) ArrayPool<byte>.Shared.Return(_kept);
            _kept = larger;
        }

        read.CopyTo(_kept.AsSpan(_length));
        _position = _length += read.Length;
    }
}
