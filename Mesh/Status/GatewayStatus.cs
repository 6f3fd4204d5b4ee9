namespace ClusterMesh.Mesh.Status;

/// <summary>GET /state on the admin port: everything that is known and decided at one moment. JSON in camelCase.</summary>
public sealed record GatewayState(
    GatewayStatus Gateway,
    IReadOnlyList<ClusterStatus> Clusters,
    IReadOnlyList<ServiceStatus> Services,
    IReadOnlyList<RouteStatus> Routes,
    IReadOnlyList<CertificateStatus> Certificates,
    IReadOnlyList<ProblemStatus> Problems);

/// <param name="Snapshot">Version of the applied snapshot; grows by one per applied change.</param>
/// <param name="State">starting, ready or draining.</param>
public sealed record GatewayStatus(
    string Cluster, string Version, string State, long Snapshot, DateTimeOffset StartedAt, DateTimeOffset AppliedAt,
    IReadOnlyList<string> Listeners, long Requests, long Failed);


/// <param name="Mode">In words: "global, affinity local, order east,north".</param>
public sealed record ServiceStatus(
    string Namespace, string Name, bool Global, bool Shared, string Affinity, string Mode,
    string? ClusterWeights, string? ClusterOrder, string? MinHealthy, IReadOnlyList<ServicePortStatus> Ports);

/// <param name="Pools">The chosen set: where new requests go now, with shares that add up to 1.</param>
/// <param name="Why">One sentence: "affinity local: 2 of 2 healthy in west".</param>
/// <param name="LastSwitch">When the set of chosen clusters last changed; null = never since start.</param>
public sealed record ServicePortStatus(
    string Name, int Port, IReadOnlyList<PoolStatus> Pools, string Why, DateTimeOffset? LastSwitch, string? LastSwitchWhy,
    IReadOnlyList<BackendStatus> Backends);

/// <param name="Clusters">Clusters whose backends are in this pool.</param>
/// <param name="Share">0..1 of the service's new requests.</param>
/// <param name="Reason">local, affinity, pool, weight, failover, spill, panic: the words of the log and the metrics.</param>
public sealed record PoolStatus(IReadOnlyList<string> Clusters, double Share, string Reason, int Backends);

/// <param name="State">active, terminating, not-ready or ejected.</param>
/// <param name="Detail">Why it is ejected and until when.</param>
/// <param name="Chosen">Whether new requests may go there now.</param>
/// <param name="Unconfirmed">The connection to its cluster is lost: it was there when that was last heard.</param>
public sealed record BackendStatus(
    string Cluster, string Address, string State, string? Detail, bool Chosen, int InFlight, string? Pod, string? Node, string? Zone,
    bool Unconfirmed = false);

public sealed record RouteStatus(
    string Name, string Host, string Path, string PathType, string Owner, string Policy,
    IReadOnlyList<TargetStatus> Targets, IReadOnlyList<string> Steering, string? StickyBy)
{
    /// <summary>What it asks besides host and path: "GET", "x-env=blue", "?v=2"; all must hold.</summary>
    public IReadOnlyList<string> Conditions { get; init; } = [];

    /// <summary>What it does to a request besides choosing its target: "rewrite prefix \"/\"", "redirect 301 scheme https".</summary>
    public IReadOnlyList<string> Filters { get; init; } = [];
}

/// <param name="Share">The share by weight now, 0..1, health counted in.</param>
public sealed record TargetStatus(string Service, string? Port, long Weight, double Share, string? Canary, bool Healthy);

public sealed record CertificateStatus(string Host, string Secret, DateTimeOffset NotAfter);

public sealed record ProblemStatus(string Cluster, string Subject, string Field, string Reason, string Instead, string? Where);
