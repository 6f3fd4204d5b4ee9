using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Agent.Explain;

/// <summary>What asks for a service's port to be balanced by request.</summary>
internal static class L7Reason
{
    private static readonly string[] s_annotations = ["clustermesh.io/l7", "service.cilium.io/lb-l7"];

    public static string Of(ServiceObject service)
    {
        foreach (var name in s_annotations)
        {
            if (service.Meta.Annotations.TryGetValue(name, out var value)) return $"annotation {name}: {value}";
        }

        return "an HTTPRoute has it as its parent";
    }
}
