using System.Net.Sockets;
using System.Text;
using ClusterMesh.Load.Generator;

namespace ClusterMesh.Load.Http;

/// <summary>
/// One keep-alive connection, one request at a time. It always has a read pending, so it learns at once when the server
/// closes it while idle.
/// </summary>
internal sealed class ClientConnection(Socket socket, Target target, IConnectionOwner owner)
{
    /// <summary>Stands in the place of the exchange once the connection can take none.</summary>
    private static readonly Exchange Closed = new(0, 0);

    private readonly ResponseReader _reader = new();
    private readonly byte[] _buffer = new byte[16 * 1024];
    private Exchange? _current;
    private volatile bool _timedOut;

    /// <summary>Whether a request has already been answered here: such a connection may close at any moment, by right.</summary>
    public bool Reused { get; private set; }

    /// <summary>Sends the request, unless the server has closed the connection meanwhile.</summary>
    public bool TrySend(Exchange exchange)
    {
        if (Interlocked.CompareExchange(ref _current, exchange, null) is not null)
            return false;
        try
        {
            socket.Send(target.Request.Span);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The pending read sees the same end and reports it: one place decides what it means.
            socket.Dispose();
        }

        return true;
    }

    /// <summary>Ends the connection when its request is past its deadline.</summary>
    public void Expire(long now)
    {
        if (Volatile.Read(ref _current) is { } exchange && exchange != Closed && exchange.Deadline < now)
        {
            _timedOut = true;
            socket.Dispose();
        }
    }

    public void Close() => socket.Dispose();

    /// <summary>Reads answers until the connection ends; reports each to the owner.</summary>
    public async Task ReceiveAsync()
    {
        var failure = FailureKind.Reset;
        var orderly = true;
        try
        {
            for (int read; (read = await socket.ReceiveAsync(_buffer, SocketFlags.None)) > 0;)
            {
                var state = _reader.Feed(_buffer.AsSpan(0, read));
                if (state == ReadState.Malformed || Volatile.Read(ref _current) is null)
                {
                    failure = FailureKind.Malformed;
                    break;
                }

                if (state == ReadState.Complete && !TryFinish(read))
                    break;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            orderly = false;
        }

        End(failure, orderly);
    }

    /// <summary>Hands the answer over; false when the connection must not be used again.</summary>
    private bool TryFinish(int lastRead)
    {
        var head = _reader.Head;
        if (head.Status >= 400)
            head = head with { Text = BodyText(_buffer.AsSpan(0, lastRead)) };
        _reader.Reset();
        Reused = true;
        var exchange = Interlocked.Exchange(ref _current, head.Close ? Closed : null);
        owner.Answered(exchange!, head);
        if (!head.Close)
            owner.Idle(this);
        return !head.Close;
    }

    /// <summary>The short body of an error, as far as it came with the last bytes.</summary>
    private static string BodyText(ReadOnlySpan<byte> bytes)
    {
        var head = bytes.LastIndexOf("\r\n\r\n"u8);
        var body = head < 0 ? bytes : bytes[(head + 4)..];
        return Encoding.ASCII.GetString(body[..Math.Min(body.Length, 120)]).ReplaceLineEndings(" ").Trim();
    }

    private void End(FailureKind failure, bool orderly)
    {
        socket.Dispose();
        var exchange = Interlocked.Exchange(ref _current, Closed);
        if (exchange == Closed)
            exchange = null;
        if (exchange is not null && orderly && failure == FailureKind.Reset && _reader.CompleteAtClose)
        {
            owner.Answered(exchange, _reader.Head);
            exchange = null;
        }

        owner.Ended(this, exchange, _timedOut ? FailureKind.Timeout : failure, _reader.AnyByteSeen);
    }
}
