using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Services;

/// <summary>clustermesh.io/l7: "http" or service.cilium.io/lb-l7: enabled (cilium.md 1.5): the service's requests, not its connections, are balanced.</summary>
internal static class L7Annotations
{
    private const string Ours = ServiceAnnotations.Prefix + "l7", Ciliums = "service.cilium.io/lb-l7";

    public static readonly ImmutableArray<string> Names = [Ours, Ciliums];

    public static bool Read(ServiceObject service, Action<string, string, string> problem) =>
        Asks(service, Ours, "http", "none", problem) | Asks(service, Ciliums, "enabled", "disabled", problem);

    private static bool Asks(ServiceObject service, string name, string yes, string no, Action<string, string, string> problem)
    {
        if (service.Meta.Annotation(name) is not { } value || value == no) return false;
        if (value == yes) return true;
        problem(name, $"\"{value}\" is not {yes} or {no}", "its connections are balanced, not its requests");
        return false;
    }
}
