using System.Net;
using System.Net.Sockets;

namespace ClusterMesh.Drills.Tests.Lab;

/// <summary>Passes TCP connections on to a port of this machine; can hold all that passes, as a broken network does, or cut what is open.</summary>
internal sealed class Relay : IDisposable
{
    private const int Buffer = 64 * 1024;

    private readonly int _target;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Lock _lock = new();
    private readonly HashSet<Socket> _open = [];
    private TaskCompletionSource _passing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Relay(int target)
    {
        _target = target;
        _passing.SetResult();
        _listener.Start();
        _ = Task.Run(AcceptAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

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

    public void Dispose()
    {
        _listener.Dispose();
        Heal();
        Cut();
    }

    private Task Passing
    {
        get
        {
            lock (_lock) return _passing.Task;
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var from = await _listener.AcceptSocketAsync();
                _ = Task.Run(() => PassAsync(from));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task PassAsync(Socket from)
    {
        using var to = new Socket(SocketType.Stream, ProtocolType.Tcp);
        lock (_lock) _open.UnionWith([from, to]);
        try
        {
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
        var buffer = new byte[Buffer];
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
