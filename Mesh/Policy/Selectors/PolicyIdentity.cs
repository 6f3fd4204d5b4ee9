using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Policy.Labels;

namespace ClusterMesh.Mesh.Policy.Selectors;

/// <summary>A number that packets come with, and what policies can know of it.</summary>
/// <param name="Ports">Named ports of all pods that have this identity.</param>
/// <param name="Cidr">For a number of this node's own that stands for addresses outside the mesh.</param>
public sealed record PolicyIdentity(uint Id, LabelSet Labels, ImmutableArray<ContainerPort> Ports, IPNetwork? Cidr = null)
{
    /// <param name="labels">As they stand in etcd: "k8s:app=a;k8s:tier=b;".</param>
    public PolicyIdentity(uint id, string labels) : this(id, LabelSet.Parse(labels), []) { }

    /// <summary>Every reserved number that a policy can select, with the labels that Cilium gives it.</summary>
    public static ImmutableArray<PolicyIdentity> Reserved { get; } =
    [
        .. Enumerable.Range((int)NumericIdentity.Host, 10).Select(id => (uint)id).Where(id => NumericIdentity.ReservedName(id) is not null)
            .Select(id => new PolicyIdentity(id, ReservedLabels(id))),
    ];

    internal static PolicyIdentity Of(uint id, IPNetwork cidr) => new(id, LabelSet.Parse($"cidr:{cidr}=;reserved:world=;"), [], cidr);

    // An API server that is in the mesh is on a node.
    private static string ReservedLabels(uint id) => $"reserved:{NumericIdentity.ReservedName(id)}=;" + (id == NumericIdentity.KubeApiserver ? "reserved:remote-node=;" : "");
}
