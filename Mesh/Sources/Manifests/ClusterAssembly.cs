using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Sources.Manifests;

/// <summary>Puts the files' objects together into one value, again and again; what did not change is taken over as it was.</summary>
internal sealed class ClusterAssembly(string cluster, string source, TimeProvider time)
{
    private readonly KindIndex<ServiceObject> _services = new();
    private readonly KindIndex<EndpointSliceObject> _slices = new();
    private readonly KindIndex<IngressObject> _ingresses = new();
    private readonly KindIndex<IngressClassObject> _classes = new();
    private readonly KindIndex<SecretObject> _secrets = new();
    private readonly KindIndex<NamespaceObject> _namespaces = new();
    private readonly KindIndex<PodObject> _pods = new();
    private readonly KindIndex<NodeObject> _nodes = new();
    private readonly KindIndex<NetworkPolicyObject> _policies = new();
    private readonly KindIndex<CiliumNetworkPolicyObject> _ciliumPolicies = new();
    private readonly KindIndex<CiliumClusterwideNetworkPolicyObject> _clusterwidePolicies = new();
    private readonly KindIndex<CidrGroupObject> _cidrGroups = new();
    private readonly KindIndex<HttpRouteObject> _httpRoutes = new();
    private readonly KindIndex<ReferenceGrantObject> _grants = new();

    public ClusterObjects Last { get; private set; } = new(cluster) { Source = source };

    /// <param name="files">In the order of their paths.</param>
    /// <returns>False when the outcome is equal to the last one.</returns>
    public bool Assemble(IReadOnlyCollection<ManifestFile> files, IReadOnlyList<Problem> problems)
    {
        Begin();
        foreach (var file in files)
            Add(file);
        var sliced = _slices.End();
        var changed = _services.End() | sliced | _ingresses.End() | _classes.End() | _secrets.End() | _namespaces.End() | _pods.End() | _nodes.End()
            | _policies.End() | _ciliumPolicies.End() | _clusterwidePolicies.End() | _cidrGroups.End() | _httpRoutes.End() | _grants.End();
        var (all, unknown) = (Problems(files, problems), Unknown(files));
        if (!changed && files.Count == Last.Files && all.SequenceEqual(Last.Problems) && SameCounts(unknown, Last.UnknownKinds))
            return false;
        Last = Last with
        {
            Services = _services.ByKey,
            Slices = sliced ? _slices.All.ToLookup(slice => slice.Service) : Last.Slices,
            Ingresses = _ingresses.All,
            IngressClasses = _classes.All,
            Secrets = _secrets.ByKey,
            Namespaces = _namespaces.All,
            Pods = _pods.All,
            Nodes = _nodes.All,
            NetworkPolicies = _policies.All,
            CiliumNetworkPolicies = _ciliumPolicies.All,
            CiliumClusterwideNetworkPolicies = _clusterwidePolicies.All,
            CidrGroups = _cidrGroups.All,
            HttpRoutes = _httpRoutes.All,
            ReferenceGrants = _grants.All,
            Problems = all,
            UnknownKinds = unknown,
            Files = files.Count,
            ReadAt = time.GetUtcNow(),
        };
        return true;
    }

    private void Begin()
    {
        _services.Begin();
        _slices.Begin();
        _ingresses.Begin();
        _classes.Begin();
        _secrets.Begin();
        _namespaces.Begin();
        _pods.Begin();
        _nodes.Begin();
        _policies.Begin();
        _ciliumPolicies.Begin();
        _clusterwidePolicies.Begin();
        _cidrGroups.Begin();
        _httpRoutes.Begin();
        _grants.Begin();
    }

    private void Add(ManifestFile file)
    {
        foreach (var (document, read) in file.InForce)
            Add(read.Object, new ObjectPlace(file.Path, document, read.Line));
    }

    private void Add(KubernetesObject read, ObjectPlace place)
    {
        switch (read)
        {
            case ServiceObject service: _services.Add(service, place); break;
            case EndpointSliceObject slice: _slices.Add(slice, place); break;
            case IngressObject ingress: _ingresses.Add(ingress, place); break;
            case IngressClassObject ingressClass: _classes.Add(ingressClass, place); break;
            case SecretObject secret: _secrets.Add(secret, place); break;
            case NamespaceObject space: _namespaces.Add(space, place); break;
            case PodObject pod: _pods.Add(pod, place); break;
            case NodeObject node: _nodes.Add(node, place); break;
            case NetworkPolicyObject policy: _policies.Add(policy, place); break;
            case CiliumNetworkPolicyObject policy: _ciliumPolicies.Add(policy, place); break;
            case CiliumClusterwideNetworkPolicyObject policy: _clusterwidePolicies.Add(policy, place); break;
            case CidrGroupObject group: _cidrGroups.Add(group, place); break;
            case HttpRouteObject route: _httpRoutes.Add(route, place); break;
            case ReferenceGrantObject grant: _grants.Add(grant, place); break;
        }
    }

    private List<Problem> Problems(IEnumerable<ManifestFile> files, IEnumerable<Problem> directory) =>
    [
        .. directory,
        .. files.SelectMany(file => file.Problems(cluster)),
        .. _services.Doubles(cluster), .. _slices.Doubles(cluster), .. _ingresses.Doubles(cluster),
        .. _classes.Doubles(cluster), .. _secrets.Doubles(cluster), .. _namespaces.Doubles(cluster), .. _pods.Doubles(cluster), .. _nodes.Doubles(cluster),
        .. _policies.Doubles(cluster), .. _ciliumPolicies.Doubles(cluster), .. _clusterwidePolicies.Doubles(cluster), .. _cidrGroups.Doubles(cluster),
        .. _httpRoutes.Doubles(cluster), .. _grants.Doubles(cluster),
    ];

    private static SortedDictionary<string, int> Unknown(IEnumerable<ManifestFile> files)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var document in files.SelectMany(file => file.Good.Documents))
        {
            foreach (var kind in document.Parsed.Unknown)
                counts[kind] = counts.GetValueOrDefault(kind) + 1;
        }

        return counts;
    }

    private static bool SameCounts(IReadOnlyDictionary<string, int> one, IReadOnlyDictionary<string, int> other) =>
        one.Count == other.Count && one.All(pair => other.TryGetValue(pair.Key, out var count) && count == pair.Value);
}
