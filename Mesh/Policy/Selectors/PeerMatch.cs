using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Policy.Rules;

namespace ClusterMesh.Mesh.Policy.Selectors;

/// <summary>Whether a peer of a rule means an identity, for a policy of the given cluster (cilium.md 1.7, 3.1 and 4).</summary>
internal static class PeerMatch
{
    private const uint WorldIpv4 = 9, WorldIpv6 = 10;

    public static bool Selects(this PolicyPeer peer, PolicyIdentity identity, string cluster) => peer switch
    {
        LabelPeer labels => labels.Selector.Matches(identity.Labels),
        EntityPeer entity => Selects(entity.Entity, identity, cluster),
        CidrPeer cidr => Selects(cidr, identity),
        _ => false,
    };

    private static bool Selects(Entity entity, PolicyIdentity identity, string cluster) => entity switch
    {
        Entity.All => true,
        Entity.World => IsWorld(identity),
        Entity.WorldIpv4 => IsWorld(identity) && IsV4(identity),
        Entity.WorldIpv6 => IsWorld(identity) && !IsV4(identity),
        Entity.Cluster => IsOfAnyCluster(identity) || (identity.Labels.TryGet("k8s", IdentityLabels.Cluster, out var name) && name == cluster),
        Entity.ClusterMesh => IsOfAnyCluster(identity) || identity.Labels.TryGet("k8s", IdentityLabels.Cluster, out _),
        Entity.None => false,
        _ => identity.Labels.TryGet("reserved", entity.Text(), out _),
    };

    private static bool IsWorld(PolicyIdentity identity) => identity.Cidr is not null || identity.Id is NumericIdentity.World or WorldIpv4 or WorldIpv6;

    // Until IPv6 is carried, all of the world that is not known to be IPv6 is IPv4.
    private static bool IsV4(PolicyIdentity world) => world.Cidr is { } cidr ? cidr.IsV4() : world.Id != WorldIpv6;

    /// <summary>Those without a cluster's label that both "cluster" and "cluster-mesh" mean.</summary>
    private static bool IsOfAnyCluster(PolicyIdentity identity) => NumericIdentity.IsReserved(identity.Id) && identity.Id != NumericIdentity.Unknown && !IsWorld(identity);

    // A whole family's CIDR has no number of its own: it is the world.
    private static bool Selects(CidrPeer peer, PolicyIdentity identity) => identity.Cidr is { } cidr
        ? peer.Cidr.Holds(cidr) && !peer.Except.Any(except => except.Holds(cidr))
        : peer.Cidr.PrefixLength == 0 && IsWorld(identity) && IsV4(identity) == peer.Cidr.IsV4();
}
