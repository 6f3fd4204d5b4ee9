namespace ClusterMesh.Mesh.Status;

/// <summary>GET /state on an agent's admin port. JSON in camelCase.</summary>
public sealed record AgentState(AgentStatus Agent, IReadOnlyList<ClusterStatus> Clusters, IReadOnlyList<AgentServiceStatus> Services, IReadOnlyList<ProblemStatus> Problems);

/// <param name="State">starting, syncing, ready or stopping.</param>
/// <param name="Publishing">What it tells others, and how that stands; null without an etcd of its own.</param>
/// <param name="Followers">Proxies that follow its snapshots.</param>
/// <param name="Mirror">off; this agent: it mirrors the other clusters into the own etcd; another agent: it reads that mirror.</param>
public sealed record AgentStatus(
    string Cluster, int ClusterId, string Node, string Version, string State, string? Reason, long Snapshot, DateTimeOffset StartedAt, int Followers,
    string Mirror, PublishingStatus? Publishing)
{
    /// <summary>present: a proxy of this node takes L7 connections; absent; unsupported by the kernel. Null where the agent moves no packets.</summary>
    public string? Proxy { get; init; }
}

/// <param name="Etcd">Endpoint in use.</param>
/// <param name="Synced">Everything that is to be told is in etcd.</param>
/// <param name="Leader">Whether this agent has the cluster-wide duties.</param>
/// <param name="LastError">Null = the last write went well.</param>
public sealed record PublishingStatus(string Etcd, bool Synced, bool Leader, int Services, int Identities, int Endpoints, string? LastError);

/// <param name="Clusters">Backends by cluster.</param>
public sealed record AgentServiceStatus(string Namespace, string Name, bool Global, bool Shared, string Affinity, IReadOnlyDictionary<string, int> Clusters)
{
    /// <summary>Numbers of the ports whose requests from pods the nodes' proxies balance.</summary>
    public IReadOnlyList<int> L7Ports { get; init; } = [];
}

/// <summary>GET /nodes: one node of the mesh.</summary>
public sealed record NodeStatus(string Cluster, string Name, IReadOnlyList<string> Addresses, IReadOnlyList<string> PodCidrs, bool Confirmed)
{
    /// <summary>Null where nobody probes.</summary>
    public NodeHealthStatus? Health { get; init; }
}

/// <summary>GET /identities: one identity of the mesh.</summary>
/// <param name="Labels">"k8s:app=web"; for a reserved one "reserved:host".</param>
public sealed record IdentityStatus(uint Id, string Cluster, IReadOnlyList<string> Labels);
