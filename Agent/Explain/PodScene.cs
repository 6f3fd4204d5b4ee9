using System.Net;
using ClusterMesh.Agent.Flows;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Agent.Explain;

/// <summary>All that decides where a pod's request goes, at one moment.</summary>
/// <param name="Pods">Of this node.</param>
/// <param name="Frontends">As they are in the kernel.</param>
/// <param name="IdentityOf">Who an address is, as the kernel says.</param>
/// <param name="HasProxy">A proxy of this node takes connections.</param>
internal sealed record PodScene(
    string Cluster, string Node, MeshSnapshot Mesh, IReadOnlyDictionary<ObjectKey, ScenePod> Pods, IReadOnlyList<FrontendStatus> Frontends, FlowNames Names,
    Func<IPAddress, uint> IdentityOf, bool HasProxy)
{
    public ScenePod? PodAt(IPAddress address) => Pods.Values.FirstOrDefault(pod => pod.Address.Equals(address));

    public FrontendStatus? FrontendAt(IPEndPoint asked) => Frontends.FirstOrDefault(frontend => frontend.Protocol == "TCP" && frontend.Frontend == asked.ToString());

    /// <summary>Addresses at which some service is asked for, whatever the port.</summary>
    public bool IsOfFrontend(IPAddress address) => Frontends.Any(frontend => IPEndPoint.TryParse(frontend.Frontend, out var place) && place.Address.Equals(address));
}

/// <param name="Labels">Of its identity.</param>
/// <param name="Policy">Null: it is not compiled yet, and nothing is let through.</param>
internal sealed record ScenePod(ObjectKey Pod, ushort Id, IPAddress Address, uint Identity, IReadOnlyList<string> Labels, EndpointPolicy? Policy);
