using System.Net;
using System.Net.Sockets;

namespace ClusterMesh.TwoDoors;

internal static class OrdinaryListener
{
    public static Socket Bind(EndPoint address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(address);
        return socket;
    }
}
