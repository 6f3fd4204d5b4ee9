using System.Net;
using System.Net.Sockets;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Proxy.Forward;

namespace ClusterMesh.Proxy.Node;

/// <summary>
/// The socket that the kernel hands connections to, whatever their destination (ebpf.md section 4). Bound to loopback: by an address
/// nobody else reaches it.
/// </summary>
internal sealed class TransparentListener
{
    /// <summary>Null until Kestrel binds.</summary>
    public Socket? Socket { get; private set; }

    public static IPEndPoint Address { get; } = new(IPAddress.Loopback, 0);

    /// <exception cref="SocketException">Without CAP_NET_ADMIN.</exception>
    public Socket Bind(EndPoint address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            MarkedConnection.SetTransparent(socket);
            // Accepted connections inherit it: what is answered on them is known as the proxy's.
            MarkedConnection.SetMark(socket, (int)Mark.FromProxy);
            socket.Bind(address);
            return Socket = socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
