using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ClusterMesh.Proxy.Tests.Support;

/// <summary>A backend made of a socket: answers, breaks off, resets or refuses, as a lambda has it.</summary>
internal sealed class RawBackend : ITestBackend
{
    public const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private readonly Func<RawConnection, RawMessage, Task> _handler;
    private readonly ConcurrentBag<RawConnection> _connections = [];
    private Socket _listener;

    private RawBackend(string cluster, Func<RawConnection, RawMessage, Task> handler)
    {
        (Cluster, _handler) = (cluster, handler);
        _listener = Bind(0);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
    }

    public string Cluster { get; }

    public int Port { get; }

    public ConcurrentQueue<RawMessage> Seen { get; } = [];

    public int Count => Seen.Count;

    public RawMessage Last => Seen.Last();

    /// <param name="handler">Gets the connection and the request's head; its body is still to be read.</param>
    public static RawBackend Start(string cluster, Func<RawConnection, RawMessage, Task> handler)
    {
        var backend = new RawBackend(cluster, handler);
        backend.Listen();
        return backend;
    }

    /// <summary>Reads each request whole, keeps it in <see cref="Seen"/> and answers with these bytes.</summary>
    public static RawBackend Answering(string cluster, string reply = Ok) => Whole(cluster, (connection, _) => connection.SendAsync(reply));

    /// <summary>Reads each request whole, then resets the connection.</summary>
    public static RawBackend Resetting(string cluster) => Whole(cluster, (connection, _) =>
    {
        connection.Reset();
        return Task.CompletedTask;
    });

    /// <summary>As <see cref="Start"/>, but the request's body is read before.</summary>
    public static RawBackend Whole(string cluster, Func<RawConnection, RawMessage, Task> handler)
    {
        RawBackend? backend = null;
        return backend = Start(cluster, async (connection, head) =>
        {
            var request = await connection.WithBodyAsync(head, untilClose: false);
            backend!.Seen.Enqueue(request);
            await handler(connection, request);
        });
    }

    /// <summary>Refuses connections, and holds its port, until it is told to listen.</summary>
    public static RawBackend Refusing(string cluster, string reply = Ok)
    {
        RawBackend? backend = null;
        return backend = new(cluster, async (connection, head) =>
        {
            backend!.Seen.Enqueue(await connection.WithBodyAsync(head, untilClose: false));
            await connection.SendAsync(reply);
        });
    }

    public void Listen()
    {
        _listener.Listen(512);
        _ = AcceptAsync(_listener);
    }

    /// <summary>As SIGKILL does: connections are reset, new ones refused; nobody else gets the port.</summary>
    public void Kill()
    {
        _listener.Dispose();
        foreach (var connection in _connections) connection.Reset();
        _listener = Bind(Port);
    }

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        foreach (var connection in _connections) connection.Dispose();
        return default;
    }

    private static Socket Bind(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true) _ = ServeAsync(new(await listener.AcceptAsync()));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(RawConnection connection)
    {
        _connections.Add(connection);
        try
        {
            while (await connection.ReadHeadAsync() is { } head) await _handler(connection, head);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
        }
        finally
        {
            connection.Dispose();
        }
    }
}
