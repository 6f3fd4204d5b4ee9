using System.Net;
using System.Net.Sockets;

namespace ClusterMesh.Load.Processes;

/// <summary>Ports on loopback.</summary>
internal static class Ports
{
    /// <summary>A port that is free now on every loopback address.</summary>
    public static int Free()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public static async Task<bool> AnswersAsync(IPEndPoint address, CancellationToken stop)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address, stop);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
