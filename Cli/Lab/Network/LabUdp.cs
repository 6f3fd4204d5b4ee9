using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClusterMesh.Cli.Lab.Network;

/// <summary>Datagrams from inside of a namespace.</summary>
internal static class LabUdp
{
    private const int Largest = 65_536;

    /// <summary>Sends one from a port of its own.</summary>
    /// <returns>What comes back; null = nothing in that time, or an error.</returns>
    public static async Task<string?> AskAsync(NetworkNamespace from, string address, int port, byte[] datagram, TimeSpan timeout)
    {
        using var socket = from.OpenSocket(SocketType.Dgram, ProtocolType.Udp);
        using var cancel = new CancellationTokenSource(timeout);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(address), port), cancel.Token);
            await socket.SendAsync(datagram, cancel.Token);
            var answer = new byte[Largest];
            return Encoding.UTF8.GetString(answer, 0, await socket.ReceiveAsync(answer, cancel.Token));
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            return null;
        }
    }
}
