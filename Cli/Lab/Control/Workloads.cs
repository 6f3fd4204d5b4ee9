using System.Text.Json.Nodes;
using ClusterMesh.Cli.Lab.Manifests;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Cli.Lab.Control;

/// <summary>Which pods the objects of a cluster ask for: its Pods, and those of its Deployments, NAME-1 and on.</summary>
internal static class Workloads
{
    private const int MaxReplicas = 200;

    /// <exception cref="LabException">An object asks for what cannot be.</exception>
    public static IReadOnlyList<PodSpec> PodsOf(IEnumerable<JsonObject> objects)
    {
        var pods = new List<PodSpec>();
        foreach (var theObject in objects)
        {
            if (theObject.Text("kind") == "Pod") pods.Add(new(ObjectId.Of(theObject).Key, theObject));
            else if (theObject.Text("kind") == "Deployment") pods.AddRange(Replicas(theObject));
        }

        return pods.GroupBy(pod => pod.Key).FirstOrDefault(same => same.Count() > 1) is { Key: var twice }
            ? throw new LabException($"Pod {twice}: two objects ask for a pod of that name")
            : pods;
    }

    private static IEnumerable<PodSpec> Replicas(JsonObject deployment)
    {
        var id = ObjectId.Of(deployment);
        var count = deployment.At("spec", "replicas") is null ? 1 : deployment.Number("spec", "replicas") is { } number and <= MaxReplicas ? number : throw new LabException($"{id}: spec.replicas: a number from 0 to {MaxReplicas} is expected");
        var template = deployment.At("spec", "template");
        if (template.At("spec") is not JsonObject) throw new LabException($"{id}: spec.template.spec: is needed");
        return Enumerable.Range(1, count).Select(number => Replica(id, template!, FormattableString.Invariant($"{id.Key.Name}-{number}")));
    }

    private static PodSpec Replica(ObjectId owner, JsonNode template, string name)
    {
        var metadata = template["metadata"]?.DeepClone() as JsonObject ?? [];
        (metadata["name"], metadata["namespace"]) = (name, owner.Key.Namespace);
        // Kubernetes has a ReplicaSet in between.
        metadata["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = "apps/v1", ["kind"] = owner.Kind, ["name"] = owner.Key.Name });
        return new(new ObjectKey(owner.Key.Namespace, name), new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = metadata, ["spec"] = template["spec"]!.DeepClone() });
    }
}
