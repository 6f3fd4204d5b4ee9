using System.Net;
using System.Net.Sockets;

namespace ClusterMesh.Mesh.Tests.Etcd;

/// <summary>Passes TCP connections on to a port of this machine, until it is stopped; and again, on the same port.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly int _target;
    private readonly List<Socket> _sockets = [];
    private TcpListener _listener = new(IPAddress.Loopback, 0);

    public Relay(int target)
    {
        _target = target;
        _listener.Start();
        Endpoint = new($"http://{_listener.LocalEndpoint}");
        _ = AcceptAsync(_listener);
    }

    public Uri Endpoint { get; }

    /// <summary>Connections made so far.</summary>
    public int Connections { get; private set; }

    public void Start()
    {
        _listener = new(IPAddress.Loopback, Endpoint.Port);
        _listener.Start();
        _ = AcceptAsync(_listener);
    }

    /// <summary>Cuts all connections and takes no new ones.</summary>
    public void Stop()
    {
        _listener.Dispose();
        lock (_sockets)
        {
            foreach (var socket in _sockets) socket.Dispose();
            _sockets.Clear();
        }
    }

    public ValueTask DisposeAsync()
    {
        Stop();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true) _ = PassAsync(await listener.AcceptSocketAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task PassAsync(Socket from)
    {
        var to = new Socket(SocketType.Stream, ProtocolType.Tcp);
        lock (_sockets)
        {
            Connections++;
            _sockets.AddRange([from, to]);
        }

        try
        {
            await to.ConnectAsync(IPAddress.Loopback, _target);
            await using var one = new NetworkStream(from);
            await using var other = new NetworkStream(to);
            await Task.WhenAny(one.CopyToAsync(other), other.CopyToAsync(one));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
        }
        finally
        {
            from.Dispose();
            to.Dispose();
        }
    }
}
