using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ClusterMesh.Cli.Lab.Manifests;
using ClusterMesh.Cli.Lab.Topology;

namespace ClusterMesh.Cli.Lab.Control;

/// <summary>What was written for a cluster, in its order; what the API would show is made from it and from the pods.</summary>
internal sealed record DesiredObjects(ClusterPlan Plan, ImmutableList<JsonObject> Written, ImmutableDictionary<ObjectId, JsonObject> Services)
{
    private const string NameLabel = "kubernetes.io/metadata.name";

    /// <summary>Those pods that there should be.</summary>
    public IReadOnlyList<PodSpec> Pods { get; } = Workloads.PodsOf(Written);

    public static DesiredObjects Of(ClusterPlan plan) => new(plan, [], ImmutableDictionary<ObjectId, JsonObject>.Empty);

    /// <exception cref="LabException">One of them cannot be; nothing is changed.</exception>
    public DesiredObjects With(IReadOnlyList<JsonObject> objects)
    {
        if (objects.FirstOrDefault(theObject => ObjectId.Of(theObject).Kind == "Node") is { } node)
            throw new LabException($"{ObjectId.Of(node)}: the nodes of a lab are those of its topology");
        var written = Written;
        foreach (var theObject in objects)
        {
            var at = written.FindIndex(other => ObjectId.Of(other) == ObjectId.Of(theObject));
            written = at < 0 ? written.Add(theObject) : written.SetItem(at, theObject);
        }

        return Filled(written);
    }

    public DesiredObjects Without(ObjectId id) => Filled(Written.RemoveAll(theObject => ObjectId.Of(theObject) == id));

    /// <summary>Everything that the agents are to read.</summary>
    public IEnumerable<JsonObject> Published(IReadOnlyCollection<PodView> pods) =>
    [
        .. Plan.NodePlans.Select(NodeObjects.Of),
        .. Namespaces(pods),
        .. Written.Where(theObject => ObjectId.Of(theObject).Kind is not ("Namespace" or "Pod" or "Deployment" or "Service")),
        .. Services.Values,
        .. pods.Select(pod => pod.Object()),
        .. Services.Values.SelectMany(service => EndpointSlices.Of(service, pods)),
    ];

    private DesiredObjects Filled(ImmutableList<JsonObject> written) => new(
        Plan, written, new ServiceDefaults(Plan.ServiceCidr).Fill([.. written.Where(theObject => ObjectId.Of(theObject).Kind == "Service")], Services).ToImmutableDictionary(ObjectId.Of));

    /// <summary>Also those that nobody wrote and that are in use, each with the label that an API server gives it.</summary>
    private IEnumerable<JsonObject> Namespaces(IReadOnlyCollection<PodView> pods)
    {
        var written = Written.Where(theObject => ObjectId.Of(theObject).Kind == "Namespace").Select(theObject => (JsonObject)theObject.DeepClone()).ToList();
        var names = Services.Keys.Select(id => id.Key.Namespace).Concat(pods.Select(pod => pod.Spec.Key.Namespace)).Append("default").Distinct()
            .Except(written.Select(theObject => ObjectId.Of(theObject).Key.Name)).Order(StringComparer.Ordinal);
        written.AddRange(names.Select(name => new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } }));
        foreach (var space in written) space.Map("metadata").Map("labels")[NameLabel] = ObjectId.Of(space).Key.Name;
        return written;
    }
}
