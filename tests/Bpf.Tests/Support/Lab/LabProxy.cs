using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ClusterMesh.Bpf.Contract;
using Connection = ClusterMesh.Bpf.Contract.Connection;

namespace ClusterMesh.Bpf.Tests.Lab;

/// <summary>
/// A node's proxy: takes what the kernel gives it, and answers each line with the ends of the connection as it sees them, or asks a backend
/// on the client's behalf and gives back what that says.
/// </summary>
internal sealed class LabProxy : IDisposable
{
    // SOL_IP and IP_TRANSPARENT, SOL_SOCKET and SO_MARK, IP_BIND_ADDRESS_NO_PORT.
    private const int Ip = 0, Transparent = 19, BindNoPort = 24, SocketLevel = 1, MarkOption = 36;

    private readonly LabNode _node;
    private readonly ProxyMaps _maps;
    private readonly Socket _listener;
    private readonly ConcurrentBag<Socket> _connections = [];
    private int _accepted;

    public LabProxy(LabNode node)
    {
        _node = node;
        _maps = ProxyMaps.Open(node.Pins);
        _listener = Socket((uint)Mark.FromProxy);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1024);
        _maps.PutListener(_listener.SafeHandle);
        _ = AcceptAsync();
    }

    public int Accepted => _accepted;

    /// <summary>Where it asks; null: it answers itself.</summary>
    public string? Backend { get; set; }

    /// <summary>Whether it asks there from its client's address.</summary>
    public bool AsClient { get; set; }

    /// <summary>Whether it closes each connection after one answer, and so is the one that waits (TIME_WAIT).</summary>
    public bool ClosesFirst { get; set; }

    /// <summary>How long it waits for a backend. The client waits for 10 s.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(10);

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public void TakeOut() => _maps.TakeListenerOut();

    /// <summary>Its sockets are gone, and nobody was told.</summary>
    public void Vanish()
    {
        _listener.Dispose();
        foreach (var connection in _connections)
        {
            // TCP_REPAIR: closed without a word.
            connection.SetRawSocketOption(6, 19, BitConverter.GetBytes(1));
            connection.Dispose();
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _maps.Dispose();
    }

    private Socket Socket(uint mark) => _node.Netns.In(() =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetRawSocketOption(Ip, Transparent, BitConverter.GetBytes(1));
        socket.SetRawSocketOption(SocketLevel, MarkOption, BitConverter.GetBytes(mark));
        return socket;
    });

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var accepted = await _listener.AcceptAsync();
                _connections.Add(accepted);
                Interlocked.Increment(ref _accepted);
                _ = ServeAsync(accepted);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket accepted)
    {
        using var connection = accepted;
        try
        {
            var (client, asked) = ((IPEndPoint)connection.RemoteEndPoint!, (IPEndPoint)connection.LocalEndPoint!);
            while (await connection.ReceiveAsync(new byte[100]) > 0)
            {
                await connection.SendAsync(Encoding.ASCII.GetBytes(Backend is { } backend ? await AskAsync(client, asked, backend) : $"proxy to {client.Address} for {asked}"));
                if (ClosesFirst) return;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The client has gone, or the proxy.
        }
    }

    private async Task<string> AskAsync(IPEndPoint client, IPEndPoint asked, string backend)
    {
        using var socket = Socket(IdentityOf(client, asked) << 8 | (uint)Mark.FromProxy);
        if (AsClient)
        {
            socket.SetRawSocketOption(Ip, BindNoPort, BitConverter.GetBytes(1));
            socket.Bind(new IPEndPoint(client.Address, 0));
        }

        try
        {
            using var timeout = new CancellationTokenSource(Patience);
            await socket.ConnectAsync(IPEndPoint.Parse(backend), timeout.Token);
            return await Talk.AskAsync(socket);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return $"no answer of {backend}";
        }
    }

    // Of a pod of this node by its address; of others as the kernel saw it.
    private uint IdentityOf(IPEndPoint client, IPEndPoint asked)
    {
        if (_maps.Endpoints.TryGet(new(client.Address), out var endpoint)) return endpoint.Identity;
        var key = new ConnectionKey
        {
            Source = new(client.Address), Destination = new(asked.Address), SourcePort = new((ushort)client.Port), DestinationPort = new((ushort)asked.Port), Protocol = Frames.Tcp, Scope = Scope.Ingress,
        };
        return _maps.Connections.TryGet(key, out Connection connection) ? connection.PeerIdentity : 0;
    }
}
