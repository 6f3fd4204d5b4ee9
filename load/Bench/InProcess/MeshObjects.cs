using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Bench;

/// <summary>The objects of a mesh of some size, as sources hand them over.</summary>
internal sealed class MeshObjects(MeshSize size)
{
    private static readonly Dictionary<string, string> Global = new()
    {
        ["service.cilium.io/global"] = "true",
        ["service.cilium.io/affinity"] = "local",
    };

    private readonly Dictionary<ObjectKey, ServiceObject> _services =
        Enumerable.Range(0, size.Services).Select(Service).ToDictionary(s => s.Key);

    public ClusterObjects East() => new("east") { Services = _services, Slices = Slices(2, changed: false) };

    /// <param name="changed">The first service has lost a backend.</param>
    public ClusterObjects West(bool changed = false) => new("west")
    {
        Services = _services,
        Slices = Slices(1, changed),
        Ingresses = _ingresses,
    };

    private readonly IngressObject[] _ingresses = [.. Enumerable.Range(0, size.Hosts).Select(host => Ingress(size, host))];

    // A source hands out the same object again where its text is the same: the kept slices stand for that.
    private readonly Dictionary<int, EndpointSliceObject[]> _slices = [];

    private ILookup<ObjectKey, EndpointSliceObject> Slices(int cluster, bool changed)
    {
        if (!_slices.TryGetValue(cluster, out var slices))
            _slices[cluster] = slices = [.. Enumerable.Range(0, size.Services).Select(service => Slice(cluster, service, size.BackendsPerService / 2))];
        var first = changed ? Slice(cluster, 0, (size.BackendsPerService / 2) - 1) : slices[0];
        return slices.Skip(1).Prepend(first).ToLookup(slice => slice.Service);
    }

    private EndpointSliceObject Slice(int cluster, int service, int backends)
    {
        var endpoints = Enumerable.Range(service * size.BackendsPerService / 2, backends).Select(i => new Endpoint([MeshSize.Address(cluster, i)], Ready: true));
        return new(new(Key(MeshSize.Service(service) + "-1")), MeshSize.Service(service), "IPv4", [.. endpoints], [new("http", 8080)]);
    }

    private static ServiceObject Service(int number) => new(new(Key(MeshSize.Service(number)), ObjectMeta.None, Global), [new("http", 80)]);

    private static IngressObject Ingress(MeshSize size, int host)
    {
        var paths = Enumerable.Range(0, size.PathsPerHost)
            .Select(path => new IngressPath(MeshSize.Path(path), IngressPathType.Prefix, new IngressBackend(size.Service(host, path), PortName: "http")));
        return new(new(Key($"ingress-{host}")), null, null, [], [new(MeshSize.Host(host), [.. paths])]);
    }

    private static ObjectKey Key(string name) => new("default", name);
}
