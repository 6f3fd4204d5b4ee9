using System.Net;
using System.Net.Sockets;
using ClusterMesh.Cli.Lab.Network;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>A datagram and its answer; sent twice, as whoever uses UDP does.</summary>
internal static class UdpAttempt
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(400);

    public static async Task<string> TryAsync(NetworkNamespace from, IPEndPoint to, int size)
    {
        using var socket = from.OpenSocket(SocketType.Dgram, ProtocolType.Udp);
        var question = new byte[size];
        try
        {
            await socket.ConnectAsync(to);
            for (var tries = 0; tries < 2; tries++)
            {
                using var timeout = new CancellationTokenSource(s_patience);
                await socket.SendAsync(question);
                try
                {
                    if (await socket.ReceiveAsync(new byte[65536], timeout.Token) > 0) return "ok";
                }
                catch (OperationCanceledException)
                {
                }
            }

            return "dropped";
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return "refused";
        }
    }
}
