using System.Net;
using System.Net.Sockets;
using System.Text;
using ClusterMesh.Cli.Lab.Network;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>A connection for one request. <c>Failure</c> is null where it was answered with 200.</summary>
/// <param name="Connecting">As the kernel has it, which does not count how long the test itself waited for a processor.</param>
/// <param name="Again">How often the kernel had to send the SYN again.</param>
internal sealed record BriefConnection(TimeSpan Connecting, uint Again, string? Failure)
{
    private const int Tcp = 6, TcpInfo = 11, RoundTrip = 68, Retransmissions = 100, InfoBytes = 104;

    /// <summary>Longer than a second SYN takes, which is told as such.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10), s_secondSyn = TimeSpan.FromSeconds(1);

    /// <param name="clientCloses">Else the server is asked to. TIME_WAIT is at the end of who closes first.</param>
    public static async Task<BriefConnection> OpenAsync(NamespaceSockets sockets, IPEndPoint to, bool clientCloses)
    {
        using var patience = new CancellationTokenSource(s_patience);
        using var socket = await sockets.OpenAsync();
        var (connecting, again) = (TimeSpan.Zero, 0u);
        try
        {
            await socket.ConnectAsync(to, patience.Token);
            (connecting, again) = Handshake(socket);
            await socket.SendAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: drilled\r\n{(clientCloses ? "" : "Connection: close\r\n")}\r\n"), patience.Token);
            var answer = await ReceiveAsync(socket, untilEnd: !clientCloses, patience.Token);
            return new(connecting, again, answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) ? null : $"answered \"{answer}\"");
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            return new(connecting, again, $"{(socket.Connected ? "connected, then" : "not connected:")} {(error as SocketException)?.SocketErrorCode.ToString() ?? "no answer in time"}");
        }
    }

    // Read before anything is sent: the one round trip that was measured is that of the SYN.
    private static (TimeSpan Took, uint Again) Handshake(Socket socket)
    {
        var bytes = new byte[InfoBytes];
        socket.GetRawSocketOption(Tcp, TcpInfo, bytes);
        var again = BitConverter.ToUInt32(bytes, Retransmissions);
        return (again > 0 ? again * s_secondSyn : TimeSpan.FromMicroseconds(BitConverter.ToUInt32(bytes, RoundTrip)), again);
    }

    private static async Task<string> ReceiveAsync(Socket socket, bool untilEnd, CancellationToken cancel)
    {
        var (buffer, text) = (new byte[4096], "");
        // No answer has a body.
        while ((untilEnd || !text.EndsWith("\r\n\r\n", StringComparison.Ordinal)) && await socket.ReceiveAsync(buffer, cancel) is > 0 and var came) text += Encoding.ASCII.GetString(buffer, 0, came);
        return text;
    }
}
