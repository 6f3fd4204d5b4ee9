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

    /// <summary>The first of the ports that is free on all of the addresses; null when none is.</summary>
    public static int? FreeOn(IReadOnlyList<IPAddress> addresses, IEnumerable<int> ports)
    {
        foreach (var port in ports)
        {
            if (addresses.All(address => IsFree(new(address, port))))
                return port;
        }

        return null;
    }

    private static bool IsFree(IPEndPoint address)
    {
        using var socket = Bound(address);
        return socket is not null;
    }

    private static Socket? Bound(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
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
