using System.Net.Sockets;

namespace ClusterMesh.Cli.Lab.Network;

/// <summary>HTTP from inside of a namespace, each request by a connection of its own.</summary>
internal static class LabHttp
{
    /// <summary>One GET. That there is no answer is an answer, too: status 0, and why.</summary>
    public static async Task<LabAnswer> GetAsync(NetworkNamespace from, string url, TimeSpan timeout)
    {
        using var http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            ConnectCallback = async (context, cancel) =>
            {
                var socket = from.OpenSocket(SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    await socket.ConnectAsync(context.DnsEndPoint, cancel);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        }) { Timeout = timeout };
        try
        {
            using var response = await http.GetAsync(url);
            var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key.ToLowerInvariant(), header => string.Join(", ", header.Value));
            return new((int)response.StatusCode, headers, await response.Content.ReadAsStringAsync(), null);
        }
        catch (HttpRequestException error)
        {
            return Failed(error.InnerException?.Message ?? error.Message);
        }
        catch (TaskCanceledException)
        {
            return Failed($"no answer within {timeout.TotalSeconds:0.#} s");
        }
    }

    private static LabAnswer Failed(string why) => new(0, new Dictionary<string, string>(), "", why);
}
