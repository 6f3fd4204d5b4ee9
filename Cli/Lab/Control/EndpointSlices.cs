using System.Text.Json.Nodes;
using ClusterMesh.Cli.Lab.Manifests;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Cli.Lab.Control;

/// <summary>The EndpointSlices of a Service with a selector, as the controller of Kubernetes writes them: one for each set of port numbers.</summary>
internal static class EndpointSlices
{
    public static IEnumerable<JsonObject> Of(JsonObject service, IEnumerable<PodView> pods)
    {
        var (id, selector) = (ObjectId.Of(service), service.Texts("spec", "selector"));
        if (id.Kind != "Service" || selector.Count == 0) return [];
        var ports = service.Items("spec", "ports").ToList();
        var chosen = pods.Where(pod => pod.Spec.Key.Namespace == id.Key.Namespace && selector.All(pair => pod.Spec.Labels.GetValueOrDefault(pair.Key) == pair.Value))
            .OrderBy(pod => pod.Spec.Key);
        // A pod without the port of that name has the others all the same.
        return chosen.GroupBy(pod => string.Join(',', ports.Select(port => pod.PortOf(port))))
            .Select((same, at) => Slice(id, FormattableString.Invariant($"{id.Key.Name}-{at + 1}"), ports, [.. same]));
    }

    private static JsonObject Slice(ObjectId service, string name, IReadOnlyList<JsonNode> ports, IReadOnlyList<PodView> pods) => new()
    {
        ["apiVersion"] = "discovery.k8s.io/v1",
        ["kind"] = "EndpointSlice",
        ["metadata"] = new JsonObject
        {
            ["name"] = name, ["namespace"] = service.Key.Namespace,
            ["labels"] = new JsonObject { [EndpointSliceObject.ServiceNameLabel] = service.Key.Name, ["endpointslice.kubernetes.io/managed-by"] = "endpointslice-controller.k8s.io" },
        },
        ["addressType"] = "IPv4",
        ["ports"] = new JsonArray([.. ports.Where(port => pods[0].PortOf(port) is not null).Select(port => Port(port, pods[0]))]),
        ["endpoints"] = new JsonArray([.. pods.Select(Endpoint)]),
    };

    private static JsonObject Port(JsonNode port, PodView pod)
    {
        var json = new JsonObject { ["name"] = port.Text("name") ?? "", ["port"] = pod.PortOf(port), ["protocol"] = port.Text("protocol") ?? "TCP" };
        if (port.Text("appProtocol") is { } app) json["appProtocol"] = app;
        return json;
    }

    private static JsonObject Endpoint(PodView pod) => new()
    {
        ["addresses"] = new JsonArray(pod.Address),
        ["conditions"] = new JsonObject { ["ready"] = pod.Ready && !pod.Terminating, ["serving"] = pod.Ready, ["terminating"] = pod.Terminating },
        ["nodeName"] = pod.Node,
        ["targetRef"] = new JsonObject { ["kind"] = "Pod", ["namespace"] = pod.Spec.Key.Namespace, ["name"] = pod.Spec.Key.Name },
    };
}
