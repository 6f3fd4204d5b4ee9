using System.Net;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Proxy.Node;

/// <summary>Which service an address belongs to. Most changes are backends that come and go: the addresses stay then.</summary>
internal sealed class FrontendAddresses
{
    private volatile Dictionary<IPAddress, ObjectKey> _services = [];
    private MeshSnapshot? _last;

    public ObjectKey? ServiceOf(IPAddress address) => _services.TryGetValue(address, out var key) ? key : null;

    /// <summary>By the one writer.</summary>
    public void Apply(MeshSnapshot mesh)
    {
        if (Covers(mesh)) return;
        var services = new Dictionary<IPAddress, ObjectKey>();
        foreach (var service in mesh.Services.Values.OrderBy(service => service.Object.Meta.CreationTimestamp ?? DateTimeOffset.MaxValue).ThenBy(service => service.Key))
        {
            foreach (var address in Of(service.Object)) services.TryAdd(address, service.Key);
        }

        (_services, _last) = (services, mesh);
    }

    private bool Covers(MeshSnapshot mesh)
    {
        if (_last is not { } last || mesh.Version != last.Version + 1 || mesh.Changed.IsDefault) return false;
        foreach (var key in mesh.Changed)
        {
            if (!ReferenceEquals(last.Services.GetValueOrDefault(key)?.Object, mesh.Services.GetValueOrDefault(key)?.Object)) return false;
        }

        _last = mesh;
        return true;
    }

    private static IEnumerable<IPAddress> Of(ServiceObject service) =>
        from text in (string?[])[service.ClusterIP, .. service.Exposure.MoreClusterIPs, .. service.Exposure.LoadBalancerIPs, .. service.Exposure.ExternalIPs]
        let address = IPAddress.TryParse(text, out var parsed) ? parsed : null
        where address is not null
        select address;
}
