using System.Net;
using System.Net.Sockets;

namespace ClusterMesh.Bpf.Tests.Lab;

/// <summary>A pod: a namespace with one address, and the node as its gateway.</summary>
internal sealed record LabPod(string Ip, ushort Id, uint Identity, Netns Netns) : IDisposable
{
    public string NodeInterface => $"lxc{Id}";

    public IPAddress Address => IPAddress.Parse(Ip);

    public Socket Socket(SocketType type, ProtocolType protocol) => Netns.In(() => new Socket(AddressFamily.InterNetwork, type, protocol));

    /// <summary>Accepts one connection after the other and sends back what comes.</summary>
    public Socket ListenTcp(int port)
    {
        var listener = Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(Address, port));
        listener.Listen();
        _ = EchoAsync(listener);
        return listener;
    }

    public Task<Socket> ConnectAsync(LabPod to, int port, double seconds = 10) => ConnectAsync(new IPEndPoint(to.Address, port), seconds);

    public Task<Socket> ConnectAsync(string to) => ConnectAsync(IPEndPoint.Parse(to), 10);

    private async Task<Socket> ConnectAsync(IPEndPoint to, double seconds)
    {
        var socket = Socket(SocketType.Stream, ProtocolType.Tcp);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        try
        {
            await socket.ConnectAsync(to, timeout.Token);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => Netns.Dispose();

    private static async Task EchoAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                using var connection = await listener.AcceptAsync();
                var buffer = new byte[65_536];
                for (var count = await connection.ReceiveAsync(buffer); count > 0; count = await connection.ReceiveAsync(buffer))
                    await connection.SendAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
