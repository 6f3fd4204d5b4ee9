using System.Net;
using System.Net.Sockets;
using System.Text;
using ClusterMesh.Cli.Lab;
using ClusterMesh.Cli.Lab.Network;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>One line of "requests": "client -> GET svc/echo:80/public X-Team:rebels | 200 cluster-2", or "| 200 ~TEXT" where the body is to have TEXT, in which "{client}" is that pod's address.</summary>
internal sealed record HttpAttempt(string From, string Method, string Target, int Port, string Path, IReadOnlyList<string> Headers, string Expected)
{
    /// <summary>How long what is dropped is waited for.</summary>
    private static readonly TimeSpan s_drop = TimeSpan.FromSeconds(2);

    public static HttpAttempt Parse(string line)
    {
        if (line.Split(" | ") is not [var way, var expected] || way.Split(" -> ") is not [var from, var what] || what.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var method, var url, .. var headers])
            throw new InvalidOperationException($"\"{line}\" is not FROM -> METHOD TARGET:PORT/PATH [NAME:VALUE]... | STATUS [CLUSTER or ~TEXT]");
        var colon = url.LastIndexOf(':', url.IndexOf('/', url.IndexOf(':', StringComparison.Ordinal)));
        var slash = url.IndexOf('/', colon);
        return new(from.Trim(), method, url[..colon], int.Parse(url[(colon + 1)..slash], System.Globalization.CultureInfo.InvariantCulture), url[slash..], headers, expected.Trim());
    }

    /// <summary>A status, and the cluster where one is expected; refused, reset or dropped where there was no answer.</summary>
    public async Task<string> TryAsync(Places places)
    {
        var answer = await AskAsync(places.Namespace(From), new(places.Address(Target, From), Port));
        return answer.Failure ?? Show(answer, places);
    }

    public async Task<LabAnswer> AskAsync(NetworkNamespace from, IPEndPoint to)
    {
        using var socket = from.OpenSocket(SocketType.Stream, ProtocolType.Tcp);
        using var timeout = new CancellationTokenSource(Expected == "dropped" ? s_drop : LabConnection.RequestPatience);
        try
        {
            await socket.ConnectAsync(to, timeout.Token);
            await socket.SendAsync(Encoding.ASCII.GetBytes(Request()), timeout.Token);
            return LabConnection.Read(await ReceiveAsync(socket, timeout.Token));
        }
        catch (OperationCanceledException)
        {
            return Failed("dropped");
        }
        catch (SocketException error)
        {
            return Failed(error.SocketErrorCode switch { SocketError.ConnectionRefused => "refused", SocketError.ConnectionReset => "reset", var other => $"{other}" });
        }
    }

    private static LabAnswer Failed(string why) => new(0, new Dictionary<string, string>(), "", why);

    private string Request()
    {
        var host = Headers.FirstOrDefault(header => header.StartsWith("Host:", StringComparison.OrdinalIgnoreCase))?["Host:".Length..] ?? Target.Split('/')[^1];
        var others = string.Concat(Headers.Where(header => !header.StartsWith("Host:", StringComparison.OrdinalIgnoreCase)).Select(header => $"{header.Replace(":", ": ", StringComparison.Ordinal)}\r\n"));
        return $"{Method} {Path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{others}\r\n";
    }

    private string Show(LabAnswer answer, Places places) => Expected.Split(' ', 2) switch
    {
        [_, ['~', .. var text]] => $"{answer.Status} {(answer.Body.Contains(places.WithAddresses(text), StringComparison.OrdinalIgnoreCase) ? "~" + text : answer.Body)}",
        [_, _] => $"{answer.Status} {answer.Cluster}",
        _ => $"{answer.Status}",
    };

    private static async Task<string> ReceiveAsync(Socket socket, CancellationToken cancel)
    {
        var (buffer, text) = (new byte[8192], new StringBuilder());
        while (await socket.ReceiveAsync(buffer, cancel) is > 0 and var count) text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        return text.ToString();
    }
}
