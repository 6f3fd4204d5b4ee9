using System.Collections.Immutable;
using ClusterMesh.Agent.LoadBalancing;
using ClusterMesh.Agent.Probes;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Sources;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Agent.Tests.LoadBalancing;

/// <summary>A mesh that changes step by step, as the one writer would tell it.</summary>
internal sealed class MeshSteps(string backends)
{
    public MeshSnapshot Now { get; private set; } =
        new(0, new ClusterObjects("w"), ImmutableSortedDictionary<string, ClusterStatus>.Empty, ImmutableDictionary<ObjectKey, ServiceModel>.Empty, []);

    public IReadOnlyCollection<RemoteObjects> Remotes { get; set; } = Scene.Remotes(backends);

    public NodeReachability Reachability { get; set; } = Scene.Reachability(backends);

    public void Put(ServiceObject service, string backends) => Next(Now.Services.SetItem(service.Key, Scene.Model(service, backends)), service.Key);

    public void Remove(string name) => Next(Now.Services.Remove(new("default", name)), new("default", name));

    /// <summary>A snapshot that nobody looked at.</summary>
    public void Skip() => Now = Now with { Version = Now.Version + 1, Changed = [] };

    private void Next(ImmutableDictionary<ObjectKey, ServiceModel> services, ObjectKey changed) =>
        Now = Now with { Version = Now.Version + 1, Services = services, Changed = [changed] };
}
