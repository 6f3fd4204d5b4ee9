using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Schema;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Mesh.Publish.Export;

/// <summary>This node, from the configuration and, where there is one, from its v1 Node object.</summary>
internal sealed class NodeExport(PublishConfig config)
{
    private ReadOnlyMemory<byte>? _last;

    public Exported Export(ClusterObjects objects)
    {
        ReadOnlyMemory<byte> value = JsonSerializer.SerializeToUtf8Bytes(Record(objects.Nodes.FirstOrDefault(node => node.Key.Name == config.Node)), SchemaJson.Instance.NodeRecord);
        if (_last is not { } last || !last.Span.SequenceEqual(value.Span)) _last = value;
        return new(new Dictionary<string, ReadOnlyMemory<byte>?> { [StateKeys.Node(config.Cluster, config.Node)] = _last }, []);
    }

    internal NodeRecord Record(NodeObject? node)
    {
        var cidrs = (config.PodCidrs.IsEmpty ? node?.PodCidrs ?? [] : config.PodCidrs).Select(Cidr).ToLookup(cidr => cidr.Address.AddressFamily);
        return new()
        {
            Name = config.Node,
            Cluster = config.Cluster,
            IPAddresses = [.. Addresses(node)],
            IPv4AllocCIDR = cidrs[AddressFamily.InterNetwork].FirstOrDefault(),
            IPv4SecondaryAllocCIDRs = Rest(cidrs[AddressFamily.InterNetwork]),
            IPv6AllocCIDR = cidrs[AddressFamily.InterNetworkV6].FirstOrDefault(),
            IPv6SecondaryAllocCIDRs = Rest(cidrs[AddressFamily.InterNetworkV6]),
            IPv4IngressIP = config.IngressIp,
            ClusterID = config.ClusterId,
            Source = "local",
            Labels = ServiceExport.Sorted(node?.Meta.Labels ?? ObjectMeta.None),
            BootID = config.BootId,
        };
    }

    private IEnumerable<NodeAddressRecord> Addresses(NodeObject? node) =>
        config.NodeIps.Select(ip => new NodeAddressRecord("InternalIP", ip))
            .Concat(node?.Addresses.Select(address => new NodeAddressRecord(address.Type, address.Address)) ?? []).Distinct();

    private static CidrRecord Cidr(string text)
    {
        var network = IPNetwork.Parse(text);
        return new(network.BaseAddress, network.PrefixLength);
    }

    private static ImmutableArray<CidrRecord>? Rest(IEnumerable<CidrRecord> cidrs) => cidrs.Skip(1).ToImmutableArray() is { IsEmpty: false } rest ? rest : null;
}
