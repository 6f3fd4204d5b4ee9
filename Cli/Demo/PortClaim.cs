using System.Net;
using System.Net.Sockets;

namespace ClusterMesh.Cli.Demo;

/// <summary>
/// A port of the pods' addresses that this demo alone uses while it runs, also while a killed pod leaves it free. The mark that
/// other demos respect is the same port in UDP, which nobody else wants and which goes when we go.
/// </summary>
internal sealed class PortClaim : IDisposable
{
    private readonly Socket _mark;

    private PortClaim(int port, Socket mark)
    {
        Port = port;
        _mark = mark;
    }

    public int Port { get; }

    /// <summary>The first of the ports that is free on all of the addresses; null when none is.</summary>
    public static PortClaim? TryTake(IReadOnlyList<IPAddress> addresses, IEnumerable<int> ports)
    {
        foreach (var port in ports)
        {
            if (Ports.Bound(new(addresses[0], port), SocketType.Dgram, ProtocolType.Udp) is not { } mark)
                continue;
            if (Ports.IsFreeOn(addresses, port))
                return new(port, mark);
            mark.Dispose();
        }

        return null;
    }

    public void Dispose() => _mark.Dispose();
}
