using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClusterMesh.Load.Tests;

/// <summary>How a connection goes on after an answer.</summary>
public enum Then { KeepOpen, Close, Reset }

/// <summary>Answers as a script says: for request n of connection c, the bytes to send and how the connection goes on.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    public const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<int, int, Answer> _script;
    private readonly List<Socket> _sockets = [];
    private int _connections;

    public ScriptedServer(Func<int, int, Answer> script)
    {
        _script = script;
        _listener.Start();
        _ = AcceptAsync();
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    public int Connections => Volatile.Read(ref _connections);

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        lock (_sockets)
            _sockets.ForEach(s => s.Dispose());
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync();
                lock (_sockets)
                    _sockets.Add(socket);
                _ = ServeAsync(socket, Interlocked.Increment(ref _connections));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket, int connection)
    {
        var buffer = new byte[4096];
        try
        {
            // A request of the client under test fits one segment.
            for (var request = 1; await socket.ReceiveAsync(buffer) > 0; request++)
            {
                var answer = _script(connection, request);
                await socket.SendAsync(Encoding.ASCII.GetBytes(answer.Text));
                if (answer.Then == Then.Reset)
                    socket.LingerState = new LingerOption(true, 0);
                if (answer.Then != Then.KeepOpen)
                    break;
            }

            socket.Dispose();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The client went first.
        }
    }

    internal readonly record struct Answer(string Text, Then Then = Then.KeepOpen);
}
