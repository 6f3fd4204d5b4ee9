using System.Net;
using ClusterMesh.DatapathBench.Topology;

namespace ClusterMesh.DatapathBench.Traffic;

/// <summary>One connection, as many bytes as it takes.</summary>
internal sealed class Bulk : ITraffic
{
    private const int Piece = 128 * 1024;
    private readonly Server _server;
    private readonly TcpSocket _connection;
    private readonly byte[] _bytes = new byte[Piece];

    public Bulk(Pod server)
    {
        _server = new(server, TrafficPorts.Bulk, Swallow);
        _connection = TcpSocket.Connect(new IPEndPoint(server.Ip, TrafficPorts.Bulk));
    }

    public TimeSpan ServerCpu => _server.Cpu;

    public long Run(long until)
    {
        var bytes = 0L;
        while (TimeProvider.System.GetTimestamp() < until)
        {
            var sent = _connection.Send(_bytes);
            if (sent <= 0) throw new InvalidOperationException("bulk: the connection is lost");
            bytes += sent;
        }

        return bytes;
    }

    public void Dispose()
    {
        _connection.Reset();
        _server.Dispose();
    }

    private static void Swallow(TcpSocket listener)
    {
        var buffer = new byte[Piece];
        while (listener.TryAccept(out var connection))
        {
            while (connection.Receive(buffer) > 0)
            {
            }

            connection.Close();
        }
    }
}
