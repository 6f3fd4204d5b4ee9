using System.Net;
using System.Net.Sockets;

namespace ClusterMesh.Cli.Demo;

/// <summary>Ports that nobody uses right now.</summary>
internal static class Ports
{
    /// <summary>That many different free ports of 127.0.0.1.</summary>
    public static int[] Free(int count)
    {
        var sockets = Enumerable.Range(0, count).Select(_ => Bound(new(IPAddress.Loopback, 0))!).ToList();
        var ports = sockets.Select(socket => ((IPEndPoint)socket.LocalEndPoint!).Port).ToArray();
        sockets.ForEach(socket => socket.Dispose());
        return ports;
    }

    public static bool IsFreeOn(IReadOnlyList<IPAddress> addresses, int port) => addresses.All(address =>
    {
        using var socket = Bound(new(address, port));
        return socket is not null;
    });

    /// <summary>A socket that has the address; null when another one has it.</summary>
    public static Socket? Bound(IPEndPoint address, SocketType type = SocketType.Stream, ProtocolType protocol = ProtocolType.Tcp)
    {
        var socket = new Socket(address.AddressFamily, type, protocol);
        try
        {
            socket.Bind(address);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }
}
