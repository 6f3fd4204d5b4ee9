using System.Net;
using System.Net.Sockets;

namespace ClusterMesh.Mesh.Tests.Publish;

/// <summary>A way to etcd that can be cut: whoever is behind it is, for etcd, dead without a word.</summary>
internal sealed class Relay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> _open = [];
    private readonly int _target;
    private bool _cut;

    public Relay(int target)
    {
        _target = target;
        _listener.Start();
        _ = AcceptAsync();
    }

    public Uri Endpoint => new($"http://{_listener.LocalEndpoint}");

    public void Cut()
    {
        lock (_open)
        {
            _cut = true;
            _listener.Stop();
            foreach (var socket in _open) socket.Dispose();
        }
    }

    public void Dispose() => Cut();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptSocketAsync();
                var far = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                lock (_open)
                {
                    _open.AddRange([near, far]);
                    if (_cut) near.Dispose();
                }

                _ = JoinAsync(near, far);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut.
        }
    }

    private async Task JoinAsync(Socket near, Socket far)
    {
        try
        {
            near.NoDelay = true;
            await far.ConnectAsync(IPAddress.Loopback, _target);
            _ = CopyAsync(near, far);
            await CopyAsync(far, near);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            near.Dispose();
        }
    }

    private static async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is var read and > 0) await to.SendAsync(buffer.AsMemory(0, read));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut, or one side has gone.
        }
        finally
        {
            from.Dispose();
            to.Dispose();
        }
    }
}
