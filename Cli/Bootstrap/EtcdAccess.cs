using System.Collections.Immutable;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Cli.Bootstrap;

/// <summary>Who may do what in a cluster's etcd: Cilium's users and roles (cilium.md 1.3), and one for the agents.</summary>
/// <param name="Peers">Clusters that read this one.</param>
internal sealed record EtcdAccess(string Cluster, ImmutableArray<string> Peers)
{
    /// <summary>The user, and its role, that may do everything; etcd's own name.</summary>
    public const string Root = "root";

    private const string Agent = "agent", Local = "local", Remote = "remote";

    /// <summary>Agents write all of it; nobody else's keys are in there.</summary>
    public ImmutableArray<EtcdRole> Roles =>
    [
        // etcd's own: it may do everything, and needs no permission.
        new(Root, []),
        new(Agent, [new("cilium/", Prefix: true, Write: true)]),
        new(Local, [new(StateKeys.Heartbeat), new("cilium/cache/", Prefix: true), new(StateKeys.ClusterConfigs, Prefix: true), new("cilium/synced/", Prefix: true)]),
        new(Remote,
        [
            new(StateKeys.Heartbeat), new("cilium/state/", Prefix: true), new(StateKeys.ClusterConfig(Cluster)),
            new(StateKeys.SyncedOf(Cluster), Prefix: true),
        ]),
    ];

    /// <summary>The user of each certificate, with its role.</summary>
    public ImmutableArray<(string User, string Role)> Users =>
    [
        (Root, Root), ($"admin-{Cluster}", Root), (AgentOf(Cluster), Agent), ($"local-{Cluster}", Local), (Remote, Remote),
        .. Peers.Select(peer => (RemoteOf(peer), Remote)),
    ];

    public static string AgentOf(string cluster) => $"agent-{cluster}";

    /// <summary>Who reads this etcd for that cluster.</summary>
    public static string RemoteOf(string peer) => $"remote-{peer}";
}

internal sealed record EtcdRole(string Name, ImmutableArray<EtcdPermission> Permissions);

/// <param name="Prefix">The key is a prefix.</param>
/// <param name="Write">Also read, otherwise only that.</param>
internal readonly record struct EtcdPermission(string Key, bool Prefix = false, bool Write = false)
{
    public override string ToString() => $"{(Write ? "readwrite" : "read")} {Key}{(Prefix ? "*" : "")}";
}
