using System.Collections.Immutable;

namespace ClusterMesh.Mesh.Publish;

/// <summary>Where publishing stands, for people. Counts are of what should be in etcd; <see cref="Synced"/> says whether it all is.</summary>
/// <param name="IsLeader">This agent has the cluster-wide duties: services, cluster-config, heartbeat, canaries, unused identities.</param>
/// <param name="Leader">The node whose agent has them, as far as is known.</param>
/// <param name="Endpoint">The etcd endpoint in use; empty before the first call.</param>
/// <param name="Services">Services that the cluster shares.</param>
/// <param name="Ips">Addresses of this node's pods.</param>
/// <param name="Identities">Identities of the whole cluster.</param>
/// <param name="Synced">All that this agent has to write has been written.</param>
/// <param name="Errors">What does not work at the moment and is tried again, by what it is.</param>
/// <param name="Problems">What is wrong with the objects, and what is done instead.</param>
public sealed record PublishStatus(
    bool IsLeader,
    string? Leader,
    string Endpoint,
    int Services,
    int Ips,
    int Identities,
    bool Synced,
    IReadOnlyDictionary<string, string> Errors,
    ImmutableArray<Problem> Problems);
