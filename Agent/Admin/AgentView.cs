using ClusterMesh.Agent.Hosting;
using ClusterMesh.Agent.Options;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Hosting;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Schema;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Agent.Admin;

/// <summary>Everything that the agent knows now, for its admin port.</summary>
internal sealed class AgentView(AgentOptions options, AgentParts parts)
{
    public string State => parts.State;

    public bool IsReady => parts.State == "ready";

    public AgentState Read()
    {
        var mesh = parts.Latest;
        var missing = parts.Gate.Missing;
        return new(
            new(options.Cluster, options.ClusterId, options.Node, BuildVersion.Text, parts.State,
                parts.State == "syncing" && missing.Count > 0 ? $"waiting for {string.Join(", ", missing)}" : null,
                mesh?.Version ?? 0, parts.StartedAt, parts.Hub.Followers, Mirror, Publishing) { Proxy = parts.Datapath?.Proxy.State },
            Clusters(mesh),
            [.. mesh?.Services.Values.OrderBy(service => service.Key).Select(ServiceOf) ?? []],
            [.. mesh?.Problems.Select(problem => new ProblemStatus(problem.Cluster, problem.Subject, problem.Field, problem.Reason, problem.Instead, problem.Where)) ?? []]);
    }

    public IReadOnlyList<NodeStatus> Nodes()
    {
        var own = parts.Latest?.Local.Nodes.Select(node => new NodeStatus(
            options.Cluster, node.Key.Name, [.. node.Addresses.Select(address => $"{address.Type} {address.Address}")], node.PodCidrs, Confirmed: true)) ?? [];
        var others = Remotes().SelectMany(remote => remote.Nodes.Values.Select(node => new NodeStatus(
            remote.Cluster, node.Name, [.. node.IPAddresses?.Select(address => $"{address.Type} {address.IP}") ?? []], [.. Cidrs(node)], remote.Status.Confirmed)));
        var health = parts.Probes?.Read().Nodes;
        return [.. own.Concat(others).Select(node => node with { Health = health?.GetValueOrDefault($"{node.Cluster}/{node.Name}") }).OrderBy(node => node.Cluster, StringComparer.Ordinal).ThenBy(node => node.Name, StringComparer.Ordinal)];
    }

    public IReadOnlyList<IdentityStatus> Identities()
    {
        var reserved = Enumerable.Range(0, (int)NumericIdentity.FirstLocal).Select(id => ((uint)id, NumericIdentity.ReservedName((uint)id)))
            .Where(pair => pair.Item2 is not null).Select(pair => new IdentityStatus(pair.Item1, "", [$"reserved:{pair.Item2}"]));
        var own = parts.Publisher?.Identities?.Select(pair => Identity(pair.Key, options.Cluster, pair.Value)) ?? [];
        var others = Remotes().SelectMany(remote => remote.Identities.Select(pair => Identity(pair.Key, remote.Cluster, pair.Value)));
        return [.. reserved.Concat(own).Concat(others).OrderBy(identity => identity.Id)];
    }

    private string Mirror => parts.Mirror is not { } mirror ? "off" : mirror.Active ? "this agent" : "another agent";

    private PublishingStatus? Publishing => parts.Publisher?.Status is not { } status
        ? null
        : new(status.Endpoint, status.Synced, status.IsLeader, status.Services, status.Identities, status.Ips, status.Errors.Count == 0 ? null : string.Join("; ", status.Errors.Values));

    // The remotes' own status is newer than the snapshot's: ages grow without an event.
    private IReadOnlyList<ClusterStatus> Clusters(MeshSnapshot? mesh)
    {
        var remotes = Remotes().ToDictionary(remote => remote.Cluster);
        return
        [
            .. mesh?.Clusters.Values.Select(cluster => cluster.Local
                ? cluster with { ClusterId = options.ClusterId, Identities = parts.Publisher?.Identities?.Count ?? 0 }
                : remotes.TryGetValue(cluster.Name, out var remote) ? ClusterStatuses.Of(remote) : cluster) ?? [],
        ];
    }

    private IEnumerable<RemoteObjects> Remotes() => parts.Remotes?.Current ?? [];

    private static IdentityStatus Identity(uint id, string cluster, string labels) => new(id, cluster, labels.Split(';', StringSplitOptions.RemoveEmptyEntries));

    private static IEnumerable<string> Cidrs(NodeRecord node) =>
        new[] { node.IPv4AllocCIDR, node.IPv6AllocCIDR }.Concat(node.IPv4SecondaryAllocCIDRs ?? []).Concat(node.IPv6SecondaryAllocCIDRs ?? []).OfType<CidrRecord>().Select(cidr => cidr.ToString());

    private static AgentServiceStatus ServiceOf(ServiceModel service) => new(
        service.Key.Namespace, service.Key.Name, service.Mode.Global, service.Mode.Global && service.Mode.Shared, service.Mode.Affinity.ToString().ToLowerInvariant(),
        service.AllPorts.SelectMany(port => port.Backends).DistinctBy(backend => backend.Authority).GroupBy(backend => backend.Cluster).ToDictionary(cluster => cluster.Key, cluster => cluster.Count())) { L7Ports = service.L7Ports };
}
