using System.Net;
using System.Net.Sockets;
using ClusterMesh.Cli.Lab.Network;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>A connection, a question and the first bytes of an answer.</summary>
internal static class TcpAttempt
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(800);

    public static async Task<string> TryAsync(NetworkNamespace from, IPEndPoint to)
    {
        using var socket = from.OpenSocket(SocketType.Stream, ProtocolType.Tcp);
        using var timeout = new CancellationTokenSource(s_patience);
        try
        {
            await socket.ConnectAsync(to, timeout.Token);
            await socket.SendAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray(), timeout.Token);
            return await socket.ReceiveAsync(new byte[64], timeout.Token) > 0 ? "ok" : "closed";
        }
        catch (OperationCanceledException)
        {
            return "dropped";
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset)
        {
            return "refused";
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode.ToString();
        }
    }
}
