using System.ComponentModel;
using System.Net;
using System.Text;
using ClusterMesh.DatapathBench.Traffic;

namespace ClusterMesh.DatapathBench.Topology;

internal static class HttpGet
{
    /// <summary>The body, or null while nobody is there or the answer is not 200.</summary>
    public static string? From(Netns netns, IPEndPoint at, string path)
    {
        byte[] answer = [];
        try
        {
            netns.In(() => answer = Exchange(at, $"GET {path} HTTP/1.0\r\nHost: bench\r\n\r\n"));
        }
        catch (Win32Exception)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(answer);
        return text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) ? text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..] : null;
    }

    private static byte[] Exchange(IPEndPoint at, string request)
    {
        var connection = TcpSocket.Connect(at);
        connection.Send(Encoding.ASCII.GetBytes(request));
        var (answer, buffer) = (new MemoryStream(), new byte[65_536]);
        for (var count = connection.Receive(buffer); count > 0; count = connection.Receive(buffer)) answer.Write(buffer, 0, count);
        connection.Close();
        return answer.ToArray();
    }
}
