using System.Net;
using System.Net.Sockets;

namespace ClusterMesh.Agent.Probes;

/// <summary>The two sockets of the probes, bound to the node's address: questions and answers by UDP, and all ICMP that comes here.</summary>
internal sealed class ProbeSockets : IDisposable
{
    // linux/icmp.h: which types a raw socket does not want to see.
    private const int SolRaw = 255, IcmpFilter = 1, WantedTypes = 1 << 0 | 1 << 3;

    private const int MostAtOnce = 1024, ReceiveBuffer = 1 << 20;

    private readonly Socket _agent;
    private readonly Socket _kernel;
    private readonly byte[] _buffer = new byte[2048];
    private readonly SocketAddress _from = new(AddressFamily.InterNetwork);
    private readonly List<Socket> _readable = new(2);

    private ProbeSockets(Socket agent, Socket kernel) => (_agent, _kernel) = (agent, kernel);

    public int Port => ((IPEndPoint)_agent.LocalEndPoint!).Port;

    /// <exception cref="SocketException">The address is not (yet) this node's, the port is taken, or raw sockets are not allowed.</exception>
    public static ProbeSockets Open(IPEndPoint local)
    {
        var agent = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false, ReceiveBufferSize = ReceiveBuffer };
        Socket? kernel = null;
        try
        {
            agent.Bind(local);
            kernel = new(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp) { Blocking = false, ReceiveBufferSize = ReceiveBuffer };
            kernel.SetRawSocketOption(SolRaw, IcmpFilter, BitConverter.GetBytes(~WantedTypes));
            kernel.Bind(new IPEndPoint(local.Address, 0));
            return new(agent, kernel);
        }
        catch
        {
            agent.Dispose();
            kernel?.Dispose();
            throw;
        }
    }

    public void Ask(IPEndPoint node, ReadOnlySpan<byte> packet) => Send(_agent, packet, node.Serialize());

    public void AskKernel(IPAddress node, ReadOnlySpan<byte> packet) => Send(_kernel, packet, new IPEndPoint(node, 0).Serialize());

    /// <summary>Waits at most so long, then hands on all that is there. The bytes are only lent.</summary>
    /// <param name="ofAgent">Gets where it came from; what it returns is sent back there, of the same length at most.</param>
    public void Receive(TimeSpan wait, OfAgent ofAgent, Action<ReadOnlySpan<byte>> ofKernel)
    {
        _readable.Clear();
        _readable.Add(_agent);
        _readable.Add(_kernel);
        Socket.Select(_readable, null, null, wait);
        if (_readable.Contains(_kernel)) Drain(_kernel, ofKernel, static (packet, _, handle) => { handle(packet); return 0; });
        if (_readable.Contains(_agent)) Drain(_agent, ofAgent, static (packet, from, handle) => handle(packet, from));
    }

    /// <returns>How many bytes of the span are to be sent back.</returns>
    public delegate int OfAgent(Span<byte> packet, IPEndPoint from);

    public void Dispose()
    {
        _agent.Dispose();
        _kernel.Dispose();
    }

    private delegate int Handle<T>(Span<byte> packet, IPEndPoint from, T state);

    private void Drain<T>(Socket socket, T state, Handle<T> handle)
    {
        for (var i = 0; i < MostAtOnce && socket.Poll(0, SelectMode.SelectRead); i++)
        {
            _from.Size = SocketAddress.GetMaximumAddressSize(AddressFamily.InterNetwork);
            if (Receive(socket) is not { } length) return;
            var reply = handle(_buffer.AsSpan(0, length), Sender(), state);
            if (reply > 0) Send(socket, _buffer.AsSpan(0, Math.Min(reply, length)), _from);
        }
    }

    private IPEndPoint Sender() => (IPEndPoint)s_any.Create(_from);

    private static readonly IPEndPoint s_any = new(IPAddress.Any, 0);

    // Longer than the buffer is longer than anything of ours: the rest is cut off and nobody will take it.
    private int? Receive(Socket socket)
    {
        try
        {
            return socket.ReceiveFrom(_buffer, SocketFlags.None, _from);
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.WouldBlock or SocketError.MessageSize or SocketError.ConnectionRefused)
        {
            return null;
        }
    }

    // What cannot be sent is a probe that is lost; so it is judged.
    private static void Send(Socket socket, ReadOnlySpan<byte> packet, SocketAddress to)
    {
        try
        {
            socket.SendTo(packet, SocketFlags.None, to);
        }
        catch (SocketException)
        {
        }
    }
}
