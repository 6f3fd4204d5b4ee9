using System.Net;
using System.Net.Sockets;

namespace ClusterMesh.Proxy.Tests.Support;

/// <summary>A port whose queue is full: the kernel lets connects wait, as a host that drops packets does.</summary>
internal sealed class FullBacklog : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _waiting = [];

    public FullBacklog()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(0);
        for (var i = 0; i < 4; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _ = socket.ConnectAsync(_listener.LocalEndPoint!).ContinueWith(static task => task.Exception, TaskScheduler.Default);
            _waiting.Add(socket);
        }

        Backend = new Silent(((IPEndPoint)_listener.LocalEndPoint!).Port);
    }

    public ITestBackend Backend { get; }

    public void Dispose()
    {
        foreach (var socket in _waiting) socket.Dispose();
        _listener.Dispose();
    }

    private sealed record Silent(int Port) : ITestBackend
    {
        public string Cluster => MeshBuilder.Local;

        public int Count => 0;

        public ValueTask DisposeAsync() => default;
    }
}
