using System.Collections.Frozen;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Sources;

/// <summary>
/// All that one cluster's source knows at one moment: whole, validated, immutable. Each source hands such values, and
/// nothing else, to the one writer.
/// </summary>
public sealed record ClusterObjects(string Cluster)
{
    public IReadOnlyDictionary<ObjectKey, ServiceObject> Services { get; init; } = FrozenDictionary<ObjectKey, ServiceObject>.Empty;

    /// <summary>Slices by the service they belong to.</summary>
    public ILookup<ObjectKey, EndpointSliceObject> Slices { get; init; } = Array.Empty<EndpointSliceObject>().ToLookup(slice => slice.Service);

    public IReadOnlyList<IngressObject> Ingresses { get; init; } = [];

    public IReadOnlyList<IngressClassObject> IngressClasses { get; init; } = [];

    public IReadOnlyDictionary<ObjectKey, SecretObject> Secrets { get; init; } = FrozenDictionary<ObjectKey, SecretObject>.Empty;

    public IReadOnlyList<NamespaceObject> Namespaces { get; init; } = [];

    public IReadOnlyList<PodObject> Pods { get; init; } = [];

    public IReadOnlyList<NodeObject> Nodes { get; init; } = [];

    public IReadOnlyList<NetworkPolicyObject> NetworkPolicies { get; init; } = [];

    public IReadOnlyList<CiliumNetworkPolicyObject> CiliumNetworkPolicies { get; init; } = [];

    public IReadOnlyList<CiliumClusterwideNetworkPolicyObject> CiliumClusterwideNetworkPolicies { get; init; } = [];

    public IReadOnlyList<CidrGroupObject> CidrGroups { get; init; } = [];

    public IReadOnlyList<HttpRouteObject> HttpRoutes { get; init; } = [];

    public IReadOnlyList<ReferenceGrantObject> ReferenceGrants { get; init; } = [];

    public IReadOnlyList<Problem> Problems { get; init; } = [];

    /// <summary>How many objects of kinds that nobody here reads, by kind.</summary>
    public IReadOnlyDictionary<string, int> UnknownKinds { get; init; } = FrozenDictionary<string, int>.Empty;

    /// <summary>Where they came from, for people: the directory's path.</summary>
    public string Source { get; init; } = "";

    public int Files { get; init; }

    public DateTimeOffset ReadAt { get; init; }
}
