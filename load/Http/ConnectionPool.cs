using System.Net.Sockets;
using ClusterMesh.Load.Generator;

namespace ClusterMesh.Load.Http;

/// <summary>The connections to one target. Requests that find none free wait in a queue; their latency goes on counting.</summary>
/// <param name="resend">Puts a request on a new connection, to whichever target is right by then.</param>
internal sealed class ConnectionPool(Target target, ConnectionLimits limits, Recorder recorder, TimeProvider time, Action<Exchange> resend) : IConnectionOwner
{
    private readonly Lock _lock = new();
    private readonly Queue<ClientConnection> _idle = new();
    private readonly Queue<Exchange> _waiting = new();
    private readonly HashSet<ClientConnection> _live = [];
    private int _open;
    private volatile bool _closing;

    public Target Target => target;

    /// <param name="fresh">Only a new connection will do.</param>
    public void Send(Exchange exchange, bool fresh = false)
    {
        while (!fresh && TryTakeIdle() is { } connection)
        {
            if (connection.TrySend(exchange))
                return;
        }

        lock (_lock)
        {
            if (_open >= limits.Most)
            {
                _waiting.Enqueue(exchange);
                return;
            }

            _open++;
        }

        _ = OpenAsync(exchange);
    }

    /// <summary>Ends connections whose request is past its deadline.</summary>
    public void Expire(long now)
    {
        foreach (var connection in Live())
            connection.Expire(now);
    }

    public void Close()
    {
        _closing = true;
        foreach (var connection in Live())
            connection.Close();
    }

    public void Answered(Exchange exchange, in ResponseHead head) => recorder.Answered(exchange, head, target.Name);

    public void Idle(ClientConnection connection)
    {
        Exchange? next;
        lock (_lock)
        {
            if (!_waiting.TryDequeue(out next))
                _idle.Enqueue(connection);
        }

        if (next is not null && !connection.TrySend(next))
            Send(next);
    }

    public void Ended(ClientConnection connection, Exchange? exchange, FailureKind failure, bool answerBegun)
    {
        lock (_lock)
            _live.Remove(connection);
        Freed();
        if (exchange is null)
            return;

        // RFC 9110 9.2.2: an idempotent request on a reused connection that closed before answering is sent again.
        if (failure == FailureKind.Reset && !answerBegun && connection.Reused && !exchange.Resent)
        {
            exchange.Resent = true;
            recorder.Reconnected();
            resend(exchange);
            return;
        }

        var kind = failure == FailureKind.Reset && answerBegun ? FailureKind.Truncated : failure;
        recorder.Failed(kind, $"{target.Name}, {(connection.Reused ? "reused" : "new")} connection");
    }

    private ClientConnection? TryTakeIdle()
    {
        lock (_lock)
            return _open >= limits.Kept && _idle.TryDequeue(out var connection) ? connection : null;
    }

    private ClientConnection[] Live()
    {
        lock (_lock)
            return [.. _live];
    }

    private async Task OpenAsync(Exchange exchange)
    {
        var socket = new Socket(target.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var timeout = new CancellationTokenSource(limits.ConnectTimeout, time);
            await socket.ConnectAsync(target.Address, timeout.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            recorder.Failed(e is SocketException ? FailureKind.Refused : FailureKind.Timeout, $"{target.Name}: {e.Message}");
            Freed();
            return;
        }

        var connection = new ClientConnection(socket, target, this);
        lock (_lock)
            _live.Add(connection);
        connection.TrySend(exchange);
        await connection.ReceiveAsync();
    }

    /// <summary>A connection is gone: a waiting request may take its place.</summary>
    private void Freed()
    {
        Exchange? next = null;
        lock (_lock)
        {
            _open--;
            if (!_closing && _open < limits.Most && _waiting.TryDequeue(out next))
                _open++;
        }

        if (next is not null)
            _ = OpenAsync(next);
    }
}
