using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClusterMesh.Cli.Echo;

/// <summary>Answers each datagram with who answers, "POD CLUSTER VERSION" and a line feed, followed by what came.</summary>
internal sealed class UdpEcho : IDisposable
{
    private const int LargestDatagram = 65_507;

    private readonly byte[] _name;
    private readonly List<Socket> _sockets = [];

    /// <exception cref="SocketException">It cannot listen there.</exception>
    public UdpEcho(IReadOnlyList<IPEndPoint> listen, EchoIdentity identity)
    {
        _name = Encoding.UTF8.GetBytes($"{identity.Pod} {identity.Cluster} {identity.Version}\n");
        foreach (var address in listen)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            _sockets.Add(socket);
            socket.Bind(address);
            _ = AnswerAsync(socket);
        }
    }

    /// <summary>With the real ports.</summary>
    public IEnumerable<EndPoint> Addresses => _sockets.Select(socket => socket.LocalEndPoint!);

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    private async Task AnswerAsync(Socket socket)
    {
        var buffer = new byte[_name.Length + LargestDatagram];
        _name.CopyTo(buffer, 0);
        while (true)
        {
            try
            {
                var came = await socket.ReceiveFromAsync(buffer.AsMemory(_name.Length), new IPEndPoint(IPAddress.Any, 0));
                // What is too large to go back with the name before it goes back without its end.
                await socket.SendToAsync(buffer.AsMemory(0, Math.Min(_name.Length + came.ReceivedBytes, LargestDatagram)), came.RemoteEndPoint);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException) when (socket.SafeHandle.IsClosed)
            {
                return;
            }
            catch (SocketException)
            {
                // An answer that nobody took: the next datagram may be somebody else's.
            }
        }
    }
}
