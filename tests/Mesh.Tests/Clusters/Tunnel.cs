using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ClusterMesh.Mesh.Tests.Clusters;

/// <summary>Forwards TCP to a port on loopback until it is broken: then connections end and new ones are refused a word.</summary>
internal sealed class Tunnel : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> _clients = new();
    private readonly int _to;
    private readonly Task _accepting;
    private volatile bool _broken;

    public Tunnel(int to)
    {
        _to = to;
        _listener.Start();
        Endpoint = new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Endpoint { get; }

    public void Break()
    {
        _broken = true;
        foreach (var client in _clients.Keys) client.Close();
    }

    public void Mend() => _broken = false;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        Break();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ForwardAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ForwardAsync(TcpClient from)
    {
        using var to = new TcpClient();
        using (from)
        {
            (_clients[from], _clients[to]) = (true, true);
            try
            {
                if (_broken) return;
                await to.ConnectAsync(IPAddress.Loopback, _to);
                await Task.WhenAny(from.GetStream().CopyToAsync(to.GetStream()), to.GetStream().CopyToAsync(from.GetStream()));
            }
            catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
            {
            }
            finally
            {
                _clients.TryRemove(from, out _);
                _clients.TryRemove(to, out _);
            }
        }
    }
}
