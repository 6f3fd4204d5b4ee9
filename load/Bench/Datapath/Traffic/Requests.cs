using System.Net;
using ClusterMesh.DatapathBench.Topology;

namespace ClusterMesh.DatapathBench.Traffic;

/// <summary>One byte each way, over and over, on one connection.</summary>
internal sealed class Requests : ITraffic
{
    private readonly Server _server;
    private readonly TcpSocket _connection;

    public Requests(Pod server)
    {
        _server = new(server, TrafficPorts.Requests, Echo);
        _connection = TcpSocket.Connect(new IPEndPoint(server.Ip, TrafficPorts.Requests));
        _connection.SendAtOnce();
    }

    public TimeSpan ServerCpu => _server.Cpu;

    public long Run(long until)
    {
        Span<byte> one = [1];
        var exchanges = 0L;
        while (TimeProvider.System.GetTimestamp() < until)
        {
            if (_connection.Send(one) != 1 || _connection.Receive(one) != 1) throw new InvalidOperationException("requests: the connection is lost");
            exchanges++;
        }

        return exchanges;
    }

    public void Dispose()
    {
        _connection.Reset();
        _server.Dispose();
    }

    private static void Echo(TcpSocket listener)
    {
        Span<byte> one = [0];
        while (listener.TryAccept(out var connection))
        {
            connection.SendAtOnce();
            while (connection.Receive(one) == 1 && connection.Send(one) == 1)
            {
            }

            connection.Close();
        }
    }
}
