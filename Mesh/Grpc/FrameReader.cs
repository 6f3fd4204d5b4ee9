using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace ClusterMesh.Mesh.Grpc;

/// <summary>
/// Reads length-prefixed messages from a body: a byte that says whether it is compressed, four of length, the message. What
/// was read stays in one buffer, which grows with what has arrived, not with what a peer announces.
/// </summary>
internal sealed class FrameReader(Stream body, int largest) : IDisposable
{
    private const int Header = 5;
    private const int Small = 16 * 1024;
    private const int Kept = 1024 * 1024;
    private const int Idle = 0, Reading = 1, Disposed = 2;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(Small);
    private int _begin;
    private int _end;
    private int _use;

    private int Held => _end - _begin;

    /// <summary>The next message; null at the end of the body.</summary>
    /// <exception cref="GrpcException">The message is too large, compressed, cut off or not to be parsed.</exception>
    public async ValueTask<T?> ReadAsync<T>(MessageParser<T> parser, CancellationToken cancel)
        where T : class, IMessage<T>
    {
        ObjectDisposedException.ThrowIf(Interlocked.CompareExchange(ref _use, Reading, Idle) != Idle, this);
        try
        {
            if (!await FillAsync(Header, cancel))
                return null;
            var length = Length();
            await FillAsync(Header + length, cancel);
            return Parse(parser, length);
        }
        finally
        {
            _use = Idle;
        }
    }

    /// <summary>May come while a read is under way: then the buffer is left to it.</summary>
    public void Dispose()
    {
        if (Interlocked.CompareExchange(ref _use, Disposed, Idle) == Idle)
            ArrayPool<byte>.Shared.Return(_buffer);
    }

    private T Parse<T>(MessageParser<T> parser, int length)
        where T : class, IMessage<T>
    {
        try
        {
            return parser.ParseFrom(_buffer.AsSpan(_begin + Header, length));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new GrpcException(GrpcStatus.Internal, $"a message of {length} bytes is not a {typeof(T).Name}", e);
        }
        finally
        {
            _begin += Header + length;
            Shrink();
        }
    }

    private int Length()
    {
        var header = _buffer.AsSpan(_begin, Header);
        if (header[0] == 1)
            throw new GrpcException(GrpcStatus.Unimplemented, "compressed messages are not supported");
        if (header[0] != 0)
            throw new GrpcException(GrpcStatus.Internal, $"the flag of a message is {header[0]}, neither 0 nor 1");
        var length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        return length <= largest
            ? (int)length
            : throw new GrpcException(GrpcStatus.ResourceExhausted, $"a message of {length} bytes is larger than the {largest} taken") { Break = GrpcBreak.TooLarge };
    }

    /// <summary>False when the body ended before it gave anything.</summary>
    private async ValueTask<bool> FillAsync(int needed, CancellationToken cancel)
    {
        while (Held < needed)
        {
            MakeRoom(needed);
            var read = await body.ReadAsync(_buffer.AsMemory(_end), cancel);
            if (read == 0)
                return Held != 0 ? throw new GrpcException(GrpcStatus.Internal, "the body ended within a message") : false;
            _end += read;
        }

        return true;
    }

    private void MakeRoom(int needed)
    {
        if (_end < _buffer.Length && (_begin == 0 || _begin + needed <= _buffer.Length))
            return;
        if (_begin > 0)
            MoveTo(_buffer);
        else
            Resize(Math.Min(needed, _buffer.Length * 2));
    }

    private void Shrink()
    {
        if (Held == 0)
            _begin = _end = 0;
        if (_buffer.Length > Kept && Held < Small)
            Resize(Small);
    }

    private void Resize(int size)
    {
        var old = _buffer;
        MoveTo(ArrayPool<byte>.Shared.Rent(size));
        ArrayPool<byte>.Shared.Return(old);
    }

    private void MoveTo(byte[] to)
    {
        var held = Held;
        _buffer.AsSpan(_begin, held).CopyTo(to);
        (_buffer, _begin, _end) = (to, 0, held);
    }
}
