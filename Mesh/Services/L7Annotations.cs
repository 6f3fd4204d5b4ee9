using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Services;

/// <summary>clustermesh.io/l7: "http" or service.cilium.io/lb-l7: enabled (cilium.md 1.5): the service's requests, not its connections, are balanced.</summary>
public static class L7Annotations
{
    private static readonly ImmutableArray<(string Name, string Yes, string No)> s_all = [(ServiceAnnotations.Prefix + "l7", "http", "none"), ("service.cilium.io/lb-l7", "enabled", "disabled")];

    public static ImmutableArray<string> Names { get; } = [.. s_all.Select(annotation => annotation.Name)];

    /// <summary>The annotation that says yes, and how; null: none does.</summary>
    public static (string Name, string Value)? Asking(ServiceObject service)
    {
        foreach (var (name, yes, _) in s_all)
        {
            if (service.Meta.Annotation(name) == yes) return (name, yes);
        }

        return null;
    }

    internal static bool Read(ServiceObject service, Action<string, string, string> problem)
    {
        foreach (var (name, yes, no) in s_all)
        {
            if (service.Meta.Annotation(name) is { } value && value != yes && value != no) problem(name, $"\"{value}\" is not {yes} or {no}", "its connections are balanced, not its requests");
        }

        return Asking(service) is not null;
    }
}
