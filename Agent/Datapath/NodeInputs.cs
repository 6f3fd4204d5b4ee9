using System.Collections.Immutable;
using ClusterMesh.Agent.Datapath.Nodes;
using ClusterMesh.Agent.Endpoints;
using ClusterMesh.Agent.Probes;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Agent.Datapath;

/// <summary>All that decides what should be in the kernel, at one moment. Immutable; equal references mean that nothing changed.</summary>
/// <param name="Snapshot">With the own cluster's objects.</param>
/// <param name="Identities">Of the own cluster, labels by number; empty until etcd was heard.</param>
/// <param name="Endpoints">Of this node.</param>
/// <param name="Synced">Every source was heard, or the time for it is over: what nobody speaks of may go.</param>
internal sealed record NodeInputs(
    MeshSnapshot Snapshot, ImmutableArray<RemoteObjects> Remotes, ImmutableDictionary<uint, string> Identities, MeshNodes Nodes,
    ImmutableDictionary<ObjectKey, PodEndpoint> Endpoints, NodeReachability Reachability, bool Synced, Heard Heard)
{
    public ClusterObjects Local => Snapshot.Local;
}
