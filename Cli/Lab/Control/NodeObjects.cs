using System.Text.Json.Nodes;
using ClusterMesh.Cli.Lab.Topology;

namespace ClusterMesh.Cli.Lab.Control;

/// <summary>The Node object of a node, as its kubelet would register it.</summary>
internal static class NodeObjects
{
    public static JsonObject Of(NodePlan node) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Node",
        ["metadata"] = new JsonObject { ["name"] = node.Name, ["labels"] = new JsonObject { ["kubernetes.io/hostname"] = node.Name } },
        ["spec"] = new JsonObject { ["podCIDR"] = $"{node.PodCidr}", ["podCIDRs"] = new JsonArray($"{node.PodCidr}") },
        ["status"] = new JsonObject
        {
            ["addresses"] = new JsonArray(
                new JsonObject { ["type"] = "InternalIP", ["address"] = $"{node.Address}" },
                new JsonObject { ["type"] = "Hostname", ["address"] = node.Name }),
        },
    };
}
