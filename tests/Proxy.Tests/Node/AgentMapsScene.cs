using System.Net;
using System.Net.Sockets;
using ClusterMesh.Bpf;
using ClusterMesh.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterMesh.Proxy.Tests.Node;

/// <summary>What an agent pins on a node of its own, and nobody attaches.</summary>
internal sealed class AgentMapsScene : IDisposable
{
    private static int s_count;
    private Datapath _agent;

    public AgentMapsScene()
    {
        Pins = $"/sys/fs/bpf/proxy-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}";
        _agent = Load();
    }

    public string Pins { get; }

    public Datapath Agent => _agent;

    /// <summary>Another agent, on the same maps or on new ones.</summary>
    public void Restart(bool newMaps)
    {
        _agent.Dispose();
        if (newMaps) Directory.Delete(Pins, recursive: true);
        _agent = Load();
    }

    public static Socket Listener()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        return socket;
    }

    public void Dispose()
    {
        _agent.Dispose();
        Directory.Delete(Pins, recursive: true);
    }

    private Datapath Load() => Datapath.Load(new() { PinDirectory = Pins }, NullLogger.Instance);
}
