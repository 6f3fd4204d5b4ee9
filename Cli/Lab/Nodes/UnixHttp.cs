using System.Net.Sockets;

namespace ClusterMesh.Cli.Lab.Nodes;

/// <summary>HTTP over a Unix socket.</summary>
internal static class UnixHttp
{
    public static HttpClient Open(string path, TimeSpan timeout) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (_, cancel) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    })
    {
        BaseAddress = new("http://localhost"), Timeout = timeout,
    };
}
