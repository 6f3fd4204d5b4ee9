using System.Net;
using ClusterMesh.DatapathBench.Topology;

namespace ClusterMesh.DatapathBench.Traffic;

/// <summary>A new connection each time: one byte each way, and a reset.</summary>
internal sealed class Connections : ITraffic
{
    private readonly List<Server> _servers;
    private readonly IPEndPoint _target;

    /// <param name="target">Who is asked: one of the servers, or a service before them.</param>
    public Connections(IEnumerable<Pod> servers, IPEndPoint? target = null)
    {
        _servers = [.. servers.Select(server => new Server(server, TrafficPorts.Connections, Serve))];
        _target = target ?? new(servers.First().Ip, TrafficPorts.Connections);
    }

    public TimeSpan ServerCpu => _servers.Aggregate(TimeSpan.Zero, (sum, server) => sum + server.Cpu);

    public long Run(long until)
    {
        Span<byte> one = [1];
        var connections = 0L;
        while (TimeProvider.System.GetTimestamp() < until)
        {
            var connection = TcpSocket.Connect(_target);
            if (connection.Send(one) != 1 || connection.Receive(one) != 1) throw new InvalidOperationException($"connections: one to {_target} is lost");
            connection.Reset();
            connections++;
        }

        return connections;
    }

    public void Dispose() => _servers.ForEach(server => server.Dispose());

    private static void Serve(TcpSocket listener)
    {
        Span<byte> one = [0];
        TcpSocket? last = null;
        while (listener.TryAccept(out var connection))
        {
            // By now the client has reset the last one: nothing is sent, and nobody waits for it.
            last?.Close();
            if (connection.Receive(one) == 1) connection.Send(one);
            last = connection;
        }

        last?.Close();
    }
}
