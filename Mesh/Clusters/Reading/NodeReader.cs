using System.Text.Json;
using ClusterMesh.Mesh.Schema;
using ClusterMesh.Mesh.Sources.Readers;

namespace ClusterMesh.Mesh.Clusters.Reading;

/// <summary>cilium/state/nodes/v1/CLUSTER/NODE (cilium.md 2).</summary>
internal sealed class NodeReader(string cluster, int clusterId) : IPartReader<string, NodeRecord>
{
    public bool TryKey(string name, out string key)
    {
        key = name;
        return Dns.IsSubdomain(name);
    }

    public Reading<NodeRecord> Read(string key, ReadOnlySpan<byte> value)
    {
        if (RecordJson.Read(value, SchemaJson.Instance.NodeRecord) is not { } node) return Reading<NodeRecord>.Ignore(IgnoredReason.BadJson);
        if (node.Cluster != cluster) return Reading<NodeRecord>.Ignore(IgnoredReason.OtherCluster);
        if (node.Name != key) return Reading<NodeRecord>.Ignore(IgnoredReason.NotItsKey);
        if (node.ClusterID != clusterId) return Reading<NodeRecord>.Ignore(IgnoredReason.WrongClusterId);
        return HasGoodAddresses(node) ? Reading<NodeRecord>.Of(node) : Reading<NodeRecord>.Ignore(IgnoredReason.BadAddress);
    }

    private static bool HasGoodAddresses(NodeRecord node)
    {
        string?[] single = [node.IPv4HealthIP, node.IPv6HealthIP, node.IPv4IngressIP, node.IPv6IngressIP];
        return Array.TrueForAll(single, AddressText.IsEmptyOrAddress) && (node.IPAddresses ?? []).All(IsGood);
    }

    // Hostname, InternalDNS and ExternalDNS are names.
    private static bool IsGood(NodeAddressRecord? address) =>
        address is { Type: not null, IP: not null } && (!address.Type.EndsWith("IP", StringComparison.Ordinal) || AddressText.Read(address.IP) is not null);
}
