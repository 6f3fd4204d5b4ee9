using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace ClusterMesh.Tests;

/// <summary>
/// Ports of loopback below those of outgoing connections: one that is free for a while, as that of a killed server, is taken by no
/// connection meanwhile, not even by one to this very port. The mark that others see is the same port in UDP, ours while we run.
/// </summary>
internal static class LoopbackPorts
{
    private const int First = 20_000, End = 32_000;

    private static readonly List<Socket> s_marks = [];

    public static int Take()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(First, End);
            if (TryBind(port, SocketType.Dgram, ProtocolType.Udp) is not { } mark) continue;
            using var probe = TryBind(port, SocketType.Stream, ProtocolType.Tcp);
            if (probe is null)
            {
                mark.Dispose();
                continue;
            }

            lock (s_marks) s_marks.Add(mark);
            return port;
        }
    }

    private static Socket? TryBind(int port, SocketType type, ProtocolType protocol)
    {
        var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }
}
