using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClusterMesh.Cli.Lab.Network;

/// <summary>A request on a new connection, without the weight of an HTTP client: what loads are made of.</summary>
internal static class LabConnection
{
    /// <summary>For requests that a proxy may try at several backends.</summary>
    public static readonly TimeSpan RequestPatience = TimeSpan.FromSeconds(5);

    // Longer than the network ever takes here, shorter than TCP's second SYN: a lost packet is a failure.
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(900);

    /// <summary>One GET. That there is no answer is an answer, too: status 0, and why.</summary>
    public static async Task<LabAnswer> AskAsync(NamespaceSockets sockets, IPEndPoint to, TimeSpan? patience = null)
    {
        using var timeout = new CancellationTokenSource(patience ?? s_patience);
        using var socket = await sockets.OpenAsync();
        try
        {
            await socket.ConnectAsync(to, timeout.Token);
            await socket.SendAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.0\r\nHost: {to.Address}\r\n\r\n"), timeout.Token);
            return Read(await ReceiveAsync(socket, timeout.Token));
        }
        catch (SocketException error)
        {
            return Failed($"{error.SocketErrorCode}");
        }
        catch (OperationCanceledException)
        {
            return Failed(socket.Connected ? "connected, and no answer" : "no connection");
        }
    }

    public static LabAnswer Read(string text)
    {
        var (head, body) = text.Split("\r\n\r\n", 2) is [var first, var rest] ? (first, rest) : (text, "");
        var lines = head.Split("\r\n");
        if (lines[0].Split(' ') is not ["HTTP/1.0" or "HTTP/1.1", var code, ..] || !int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var status)) return Failed("no HTTP");
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0].ToLowerInvariant()).ToDictionary(same => same.Key, same => string.Join(", ", same.Select(pair => pair[1])));
        return new(status, headers, body, null);
    }

    private static async Task<string> ReceiveAsync(Socket socket, CancellationToken cancel)
    {
        var (buffer, text) = (new byte[4096], new StringBuilder());
        while (await socket.ReceiveAsync(buffer, cancel) is > 0 and var count) text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        return text.ToString();
    }

    private static LabAnswer Failed(string why) => new(0, new Dictionary<string, string>(), "", why);
}
