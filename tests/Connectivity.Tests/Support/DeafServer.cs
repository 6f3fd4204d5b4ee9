using System.Net.Sockets;
using ClusterMesh.Cli.Lab.Network;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>A listener in a pod that nobody reads from: the kernel opens connections, and that is all.</summary>
internal sealed class DeafServer : IDisposable
{
    private readonly Socket _listener;
    private readonly List<Socket> _opened = [];

    public DeafServer(NetworkNamespace pod)
    {
        _listener = PodServer.Bind(pod);
        _listener.Listen(4096);
    }

    /// <summary>How many were opened until now.</summary>
    public int Connections
    {
        get
        {
            // Who opened one cannot tell that it is taken from the queue.
            while (_listener.Poll(TimeSpan.Zero, SelectMode.SelectRead)) _opened.Add(_listener.Accept());
            return _opened.Count;
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var connection in _opened) connection.Dispose();
    }
}
