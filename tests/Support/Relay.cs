using System.Net;
using System.Net.Sockets;

namespace ClusterMesh.Tests;

/// <summary>
/// Passes TCP connections on to a port of this machine; can hold all that passes, as a broken network does, cut what is open, or stop
/// and start again on the same port.
/// </summary>
internal sealed class Relay : IDisposable
{
    private readonly int _target;
    private readonly Lock _lock = new();
    private readonly HashSet<Socket> _open = [];
    private TcpListener _listener = new(IPAddress.Loopback, 0);
    private TaskCompletionSource _passing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Relay(int target)
    {
        _target = target;
        _passing.SetResult();
        _listener.Start();
        Endpoint = new($"http://{_listener.LocalEndpoint}");
        _ = Task.Run(() => AcceptAsync(_listener));
    }

    public Uri Endpoint { get; }

    public int Port => Endpoint.Port;

    /// <summary>Connections made so far.</summary>
    public int Connections { get; private set; }

    /// <summary>Nothing passes either way and nothing is closed; connections are taken without a word.</summary>
    public void Hold()
    {
        lock (_lock) _passing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>What was held arrives, as sent again by TCP.</summary>
    public void Heal()
    {
        lock (_lock) _passing.TrySetResult();
    }

    /// <summary>Closes what is open; what comes then passes.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            foreach (var socket in _open) socket.Dispose();
            _open.Clear();
        }
    }

    /// <summary>Cuts all connections and takes no new ones.</summary>
    public void Stop()
    {
        _listener.Dispose();
        Heal();
        Cut();
    }

    public void Start()
    {
        _listener = new(IPAddress.Loopback, Port);
        _listener.Start();
        _ = Task.Run(() => AcceptAsync(_listener));
    }

    public void Dispose() => Stop();

    private Task Passing
    {
        get
        {
            lock (_lock) return _passing.Task;
        }
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var from = await listener.AcceptSocketAsync();
                _ = Task.Run(() => PassAsync(from, listener));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }

    private async Task PassAsync(Socket from, TcpListener listener)
    {
        using var to = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        lock (_lock)
        {
            // Taken in the moment of the stop.
            if (listener.Server.SafeHandle.IsClosed) from.Dispose();
            Connections++;
            _open.UnionWith([from, to]);
        }

        try
        {
            from.NoDelay = true;
            await Passing;
            await to.ConnectAsync(IPAddress.Loopback, _target);
            await Task.WhenAny(PumpAsync(from, to), PumpAsync(to, from));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
        finally
        {
            lock (_lock) _open.ExceptWith([from, to]);
            from.Dispose();
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                await Passing;
                for (var sent = 0; sent < count;) sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }
}
