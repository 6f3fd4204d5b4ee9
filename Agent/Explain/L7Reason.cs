using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Agent.Explain;

/// <summary>What asks for a service's port to be balanced by request.</summary>
internal static class L7Reason
{
    public static string Of(ServiceObject service) => L7Annotations.Asking(service) is var (name, value) ? $"annotation {name}: {value}" : "an HTTPRoute has it as its parent";
}
