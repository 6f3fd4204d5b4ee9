using System.Net;
using ClusterMesh.DatapathBench.Topology;
using ClusterMesh.DatapathBench.Traffic;

namespace ClusterMesh.DatapathBench.Services;

/// <summary>A ClusterIP with two backends.</summary>
internal sealed record Service(string Name, IPEndPoint ClusterIp, IReadOnlyList<IPEndPoint> Backends)
{
    /// <summary>So many, of which the last is the one that is asked, and the only one whose backends are there.</summary>
    public static IReadOnlyList<Service> Many(int count, IEnumerable<Pod> servers) =>
        [.. Enumerable.Range(1, count - 1).Select(Idle), new("bench/target", At(96, count, 80), [.. servers.Select(server => new IPEndPoint(server.Ip, TrafficPorts.Connections))])];

    private static Service Idle(int number) => new($"bench/idle-{number}", At(96, number, 80), [At(200, number, 8080), At(201, number, 8080)]);

    private static IPEndPoint At(int range, int number, int port) => new(new IPAddress([10, (byte)range, (byte)(number >> 8), (byte)number]), port);
}
