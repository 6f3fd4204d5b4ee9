using System.Net;
using System.Net.Sockets;

namespace ClusterMesh.Proxy.Forward;

/// <summary>Connections to backends that carry a caller's identity, and where asked for its address.</summary>
internal static class MarkedConnection
{
    private const int SolSocket = 1, SoMark = 36, SolIp = 0, IpTransparent = 19, IpBindAddressNoPort = 24;

    public static async ValueTask<Stream> OpenAsync(OnBehalf caller, DnsEndPoint to, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            SetMark(socket, caller.Mark);
            if (caller.Source is { } source) BindTo(socket, source);
            // A backend is an address: there is no name to look up.
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(to.Host), to.Port), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <exception cref="SocketException">Needs CAP_NET_ADMIN.</exception>
    public static void SetMark(Socket socket, int mark) => Set(socket, SolSocket, SoMark, mark);

    /// <summary>It may have addresses that are not the node's.</summary>
    /// <exception cref="SocketException">Needs CAP_NET_ADMIN.</exception>
    public static void SetTransparent(Socket socket) => Set(socket, SolIp, IpTransparent, 1);

    private static void BindTo(Socket socket, IPAddress source)
    {
        SetTransparent(socket);
        // The port is chosen at connect, by the whole of the four: else each source has only so many ports for all backends.
        Set(socket, SolIp, IpBindAddressNoPort, 1);
        socket.Bind(new IPEndPoint(source, 0));
    }

    private static void Set(Socket socket, int level, int option, int value) => socket.SetRawSocketOption(level, option, BitConverter.GetBytes(value));
}
