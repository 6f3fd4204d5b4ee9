using System.Net;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Mesh.Publish.Export;

using Ports = SortedDictionary<string, L4Record>;

/// <summary>One shared global Service and its slices to what other clusters read of it (cilium.md 1.6 and 2). Maps are sorted, as Go writes them.</summary>
internal static class ServiceExport
{
    public static ServiceRecord Record(string cluster, int clusterId, ServiceObject service, IEnumerable<EndpointSliceObject> slices)
    {
        var backends = new SortedDictionary<string, Ports>(StringComparer.Ordinal);
        var hostnames = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var zones = new SortedDictionary<string, ZoneRecord>(StringComparer.Ordinal);
        foreach (var (slice, endpoint, address) in Usable(slices))
        {
            if (!backends.TryGetValue(address, out var ports)) backends[address] = ports = new(StringComparer.Ordinal);
            foreach (var port in slice.Ports.Where(port => port.Port is not null)) ports[port.Name] = new(port.Protocol, port.Port!.Value);
            if (endpoint.Hostname is { Length: > 0 } hostname) hostnames[address] = hostname;
            if (endpoint.Zone is { Length: > 0 } zone)
                zones[address] = new() { Zone = zone, ForZones = endpoint.ForZones.Count == 0 ? null : [.. endpoint.ForZones.Select(name => new ForZoneRecord(name))] };
        }

        return new()
        {
            Cluster = cluster,
            Namespace = service.Key.Namespace,
            Name = service.Key.Name,
            Frontends = Frontends(service),
            Backends = backends.ToDictionary(pair => pair.Key, pair => (IReadOnlyDictionary<string, L4Record>)pair.Value),
            Hostnames = hostnames.Count == 0 ? null : hostnames,
            Zones = zones.Count == 0 ? null : zones,
            Labels = Sorted(service.Meta.Labels),
            Selector = Sorted(service.Selector),
            IncludeExternal = true,
            Shared = true,
            ClusterId = clusterId,
        };
    }

    public static SortedDictionary<string, string> Sorted(IReadOnlyDictionary<string, string> map)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in map) sorted[key] = value;
        return sorted;
    }

    /// <summary>As Go writes an address: a reader compares texts.</summary>
    public static string Canonical(string address) => IPAddress.TryParse(address, out var parsed) ? parsed.ToString() : address;

    private static Dictionary<string, IReadOnlyDictionary<string, L4Record>> Frontends(ServiceObject service)
    {
        if (!IPAddress.TryParse(service.ClusterIP, out var address)) return [];
        var ports = new Ports(StringComparer.Ordinal);
        foreach (var port in service.Ports) ports[port.Name] = new(port.Protocol, port.Port);
        return new() { [address.ToString()] = ports };
    }

    // Ready or still serving (cilium.md 1.6): the record has no conditions, so that what drains looks as good as any.
    private static IEnumerable<(EndpointSliceObject, Endpoint, string)> Usable(IEnumerable<EndpointSliceObject> slices) =>
        from slice in slices
        from endpoint in slice.Endpoints
        where (endpoint.Ready ?? true) || (endpoint.Serving ?? endpoint.Ready ?? true)
        from address in endpoint.Addresses
        select (slice, endpoint, Canonical(address));
}
