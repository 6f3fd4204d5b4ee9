using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Mesh.Tests.Scenarios;

/// <summary>What a cluster knows, as the lines that scenarios expect.</summary>
internal static class ScenarioTables
{
    /// <summary>"default/echo http:80 | west+east pool | west 10.1.0.1:8080, east 10.2.0.1:8080", every healthy one counted as healthy.</summary>
    public static IEnumerable<string> Services(MeshSnapshot mesh) =>
        from service in mesh.Services.Values.OrderBy(service => service.Key)
        from port in service.Ports
        let chosen = BackendSelection.Select(service.Mode, mesh.LocalCluster, port.Backends, Enumerable.Repeat(true, port.Backends.Length).ToArray())
        select $"{service.Key} {port.Port.Name}:{port.Port.Port} | {Pools(chosen)} | {string.Join(", ", port.Backends.Select(Backend))}".TrimEnd(' ');

    public static IEnumerable<string> Clusters(ScenarioCluster cluster) =>
        cluster.Remotes.Select(remote => $"{remote.Cluster} {remote.Status.ClusterId} {PhaseOf(remote.Status)} nodes={remote.Nodes.Count} services={remote.Services.Count} endpoints={remote.Ips.Count} identities={remote.Identities.Count}");

    public static IEnumerable<string> Nodes(ScenarioCluster cluster) =>
        from remote in cluster.Remotes
        from node in remote.Nodes.Values.OrderBy(node => node.Name, StringComparer.Ordinal)
        select $"{remote.Cluster}/{node.Name} {string.Join(' ', node.IPAddresses?.Select(address => $"{address.Type}={address.IP}") ?? [])} {node.IPv4AllocCIDR}".TrimEnd();

    public static IEnumerable<string> Identities(ScenarioCluster cluster) =>
        from remote in cluster.Remotes
        from identity in remote.Identities.OrderBy(identity => identity.Value, StringComparer.Ordinal)
        select $"{remote.Cluster} {identity.Value}";

    public static IEnumerable<string> Endpoints(ScenarioCluster cluster) =>
        from remote in cluster.Remotes
        from ip in remote.Ips.Values.OrderBy(ip => ip.IP, StringComparer.Ordinal)
        select $"{remote.Cluster} {ip.IP} {ip.K8sNamespace}/{ip.K8sPodName} on {ip.HostIP}: {(remote.Identities.TryGetValue((uint)ip.ID, out var labels) ? labels : "unknown identity")}";

    private static string PhaseOf(ClusterMesh.Mesh.Clusters.RemoteStatus status) => ClusterMesh.Mesh.Clusters.RemotePhases.Text(status.Phase);

    private static string Pools(Selection chosen) =>
        chosen.Pools.IsEmpty ? "nowhere" : string.Join(", ", chosen.Pools.Select(pool => $"{string.Join('+', pool.Clusters)} {pool.Reason.Text()}"));

    private static string Backend(Backend backend) => $"{backend.Cluster} {backend.Authority}{(backend.State == BackendState.Active ? "" : $" {backend.State.ToString().ToLowerInvariant()}")}";
}
