using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClusterMesh.Bpf.Tests.Lab;

/// <summary>Servers that say who asked them, and clients that ask.</summary>
internal static class Talk
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

    /// <summary>Answers each connection with "address of the pod to address of the client" and each line after it with the same.</summary>
    public static Socket Serve(LabPod pod, int port)
    {
        var listener = pod.Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(pod.Address, port));
        listener.Listen();
        _ = AcceptAsync(listener, pod);
        return listener;
    }

    /// <summary>Sends each datagram back.</summary>
    public static Socket ServeUdp(LabPod pod, int port)
    {
        var socket = pod.Socket(SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(pod.Address, port));
        _ = EchoAsync(socket);
        return socket;
    }

    public static async Task<string> AskAsync(LabPod client, string server)
    {
        using var socket = await client.ConnectAsync(server);
        return await AskAsync(socket);
    }

    public static async Task<string> AskAsync(Socket connection)
    {
        using var timeout = new CancellationTokenSource(Long);
        await connection.SendAsync("?"u8.ToArray(), timeout.Token);
        var answer = new byte[100];
        return Encoding.ASCII.GetString(answer, 0, await connection.ReceiveAsync(answer, timeout.Token));
    }

    /// <summary>How many bytes came back, on a connected socket: from the very address that was asked.</summary>
    public static async Task<int> AskUdpAsync(LabPod client, string server, int bytes)
    {
        using var socket = client.Socket(SocketType.Dgram, ProtocolType.Udp);
        using var timeout = new CancellationTokenSource(Long);
        await socket.ConnectAsync(IPEndPoint.Parse(server), timeout.Token);
        await socket.SendAsync(new byte[bytes], timeout.Token);
        return await socket.ReceiveAsync(new byte[10_000], timeout.Token);
    }

    private static async Task AcceptAsync(Socket listener, LabPod pod)
    {
        try
        {
            while (true) _ = AnswerAsync(await listener.AcceptAsync(), pod);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static async Task AnswerAsync(Socket accepted, LabPod pod)
    {
        using var connection = accepted;
        var answer = Encoding.ASCII.GetBytes($"{pod.Ip} to {((IPEndPoint)connection.RemoteEndPoint!).Address}");
        try
        {
            while (await connection.ReceiveAsync(new byte[100]) > 0) await connection.SendAsync(answer);
        }
        catch (SocketException)
        {
            // The client has gone.
        }
    }

    private static async Task EchoAsync(Socket socket)
    {
        var buffer = new byte[10_000];
        try
        {
            while (true)
            {
                var received = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                await socket.SendToAsync(buffer.AsMemory(0, received.ReceivedBytes), received.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
