using System.Net;
using System.Net.Sockets;
using ClusterMesh.Cli.Lab.Network;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>An HTTP client whose connections are a pod's.</summary>
internal static class PodHttp
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public static HttpClient Client(NamespaceSockets sockets, IPEndPoint to, Version? version = null) => new(Handler(sockets))
    {
        BaseAddress = new($"http://{to}"),
        DefaultRequestVersion = version ?? HttpVersion.Version11,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = s_patience,
    };

    public static SocketsHttpHandler Handler(NamespaceSockets sockets) => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        ConnectCallback = async (context, cancel) =>
        {
            var socket = await sockets.OpenAsync();
            try
            {
                socket.NoDelay = true;
                await socket.ConnectAsync(context.DnsEndPoint, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };
}
