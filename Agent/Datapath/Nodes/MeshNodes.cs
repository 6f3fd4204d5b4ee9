using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Agent.Datapath.Nodes;

/// <summary>Every node of the mesh but this one. Immutable; equal references mean that nothing changed.</summary>
/// <param name="Others">Those of the own cluster first; by name.</param>
/// <param name="Ranges">All pod ranges, this node's too.</param>
/// <param name="OwnCidrs">Pod ranges of the own cluster.</param>
/// <param name="Refused">Ranges that are not believed.</param>
internal sealed record MeshNodes(ImmutableArray<MeshNode> Others, RangeSet Ranges, ImmutableArray<IPNetwork> OwnCidrs, ImmutableArray<Problem> Refused)
{
    private const string Internal = "InternalIP", CiliumInternal = "CiliumInternalIP";

    /// <param name="self">This node, as it is; what is written of it is not asked.</param>
    public static MeshNodes Of(MeshNode self, IReadOnlyList<NodeObject> own, ImmutableArray<RemoteObjects> remotes)
    {
        var others = ImmutableArray.CreateBuilder<MeshNode>();
        var refused = ImmutableArray.CreateBuilder<Problem>();
        var ranges = new RangeSet(self.PodCidrs);
        foreach (var node in own.Where(node => node.Key.Name != self.Name).OrderBy(node => node.Key.Name, StringComparer.Ordinal))
            Take(self.Cluster, self.ClusterId, node.Key.Name, node.Addresses.Where(address => address.Type == Internal).Select(address => address.Address), node.PodCidrs, [], null);
        ImmutableArray<IPNetwork> ownCidrs = [.. self.PodCidrs, .. others.SelectMany(node => node.PodCidrs)];
        foreach (var remote in remotes)
        {
            foreach (var node in remote.Nodes.Values.OrderBy(node => node.Name, StringComparer.Ordinal))
                Take(remote.Cluster, (uint)node.ClusterID, node.Name, AddressesOf(node, Internal), CidrsOf(node), AddressesOf(node, CiliumInternal), node.IPv4IngressIP ?? "");
        }

        return new(others.ToImmutable(), ranges, ownCidrs, refused.ToImmutable());

        void Take(string cluster, uint id, string name, IEnumerable<string> addresses, IEnumerable<string> cidrs, IEnumerable<string> inner, string? ingress)
        {
            var taken = ImmutableArray.CreateBuilder<IPNetwork>();
            foreach (var cidr in cidrs.Select(Cidr).OfType<IPNetwork>())
            {
                // Who was there first has it; the own cluster was.
                if (ranges.Overlaps(cidr)) refused.Add(new(cluster, $"Node {name}", "podCIDR", $"{cidr} overlaps another node's", "its pods there cannot be reached"));
                else taken.Add(cidr);
            }

            foreach (var cidr in taken) ranges.Add(cidr);
            others.Add(new(cluster, id, name, [.. addresses.Select(Address).OfType<IPAddress>()], taken.ToImmutable(),
                [.. taken.Select(cidr => new Endpoints.AddressPool(cidr).Router).Concat(inner.Select(Address).OfType<IPAddress>()).Distinct()])
            {
                // Of the own cluster's nodes it is known by their ranges; others say it.
                Ingress = ingress is null ? [.. taken.Select(cidr => new Endpoints.AddressPool(cidr).Ingress)] : Address(ingress) is { } told && taken.Any(cidr => cidr.Contains(told)) ? [told] : [],
            });
        }
    }

    private static IEnumerable<string> AddressesOf(NodeRecord node, string type) => node.IPAddresses?.Where(address => address.Type == type).Select(address => address.IP) ?? [];

    private static IEnumerable<string> CidrsOf(NodeRecord node) =>
        new[] { node.IPv4AllocCIDR }.Concat(node.IPv4SecondaryAllocCIDRs ?? []).OfType<CidrRecord>().Select(cidr => cidr.ToString());

    private static IPAddress? Address(string text) => IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork ? address : null;

    // A node's range, not the world: nobody's pods are more than a /8.
    private static IPNetwork? Cidr(string text) =>
        IPNetwork.TryParse(text, out var cidr) && cidr.BaseAddress.AddressFamily == AddressFamily.InterNetwork && cidr.PrefixLength is >= 8 and <= 30 ? cidr : null;
}
