namespace ClusterMesh.DatapathBench.Traffic;

/// <summary>In namespaces of our own: nobody else is there.</summary>
internal static class TrafficPorts
{
    public const ushort Requests = 7001, Bulk = 7002, Connections = 7003;

    public static IReadOnlyList<ushort> All { get; } = [Requests, Bulk, Connections];
}
