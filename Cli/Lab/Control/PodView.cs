using System.Text.Json.Nodes;
using ClusterMesh.Cli.Lab.Manifests;

namespace ClusterMesh.Cli.Lab.Control;

/// <summary>A pod as the API would show it at one moment.</summary>
/// <param name="Ready">Its programs run and listen on its ports, and it is on the mesh.</param>
internal sealed record PodView(PodSpec Spec, string Node, string Address, bool Ready, bool Terminating)
{
    /// <summary>Its Pod object: what was written, and what scheduler and kubelet add.</summary>
    public JsonObject Object()
    {
        var pod = (JsonObject)Spec.Manifest.DeepClone();
        pod.Map("spec")["nodeName"] = Node;
        pod["status"] = new JsonObject
        {
            ["phase"] = "Running", ["podIP"] = Address, ["podIPs"] = new JsonArray(new JsonObject { ["ip"] = Address }),
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = Ready ? "True" : "False" }),
        };
        return pod;
    }

    /// <summary>The number behind a Service's targetPort; null = the pod has no port of that name.</summary>
    public int? PortOf(JsonNode servicePort)
    {
        if (servicePort["targetPort"] is null) return servicePort.Number("port");
        if (servicePort.Number("targetPort") is { } number) return number;
        var (name, protocol) = (servicePort.Text("targetPort"), servicePort.Text("protocol") ?? "TCP");
        return Spec.Ports.FirstOrDefault(port => port.Name == name && port.Protocol == protocol)?.Port;
    }
}
