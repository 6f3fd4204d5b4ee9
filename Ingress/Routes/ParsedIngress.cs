using System.Collections.Immutable;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Ingress.Routes;

/// <summary>All that follows from one Ingress object alone: read once, kept as long as the object.</summary>
internal sealed record ParsedIngress(IngressObject Object, string Owner, AnnotationReader Annotations)
{
    /// <summary>Null = an ordinary Ingress, a main one.</summary>
    public required CanaryRule? Canary { get; init; }

    public required PolicyTemplate Policy { get; init; }

    public required ImmutableArray<ParsedPath> Paths { get; init; }

    /// <summary>Hosts of the rules, each once, in their order, those without paths included.</summary>
    public required ImmutableArray<HostMatch> Hosts { get; init; }

    public required ImmutableArray<ParsedTls> Tls { get; init; }

    public required ImmutableArray<Problem> Problems { get; init; }

    public ObjectKey Key => Object.Key;
}

/// <summary>One path of a rule. Match is what it matches, Written and Type what the user wrote: canaries are found by these.</summary>
/// <param name="Name">The route's name.</param>
/// <param name="Field">Where it stands: "spec.rules[0].http.paths[1]".</param>
internal sealed record ParsedPath(
    HostMatch Host, PathMatch Match, string Written, IngressPathType Type, IngressBackend Backend, string Name, string Field)
{
    public const string DefaultBackendField = "spec.defaultBackend";

    /// <summary>Where its backend stands.</summary>
    public string BackendField => Field == DefaultBackendField ? Field : $"{Field}.backend";
}

/// <summary>One TLS entry. No hosts = those that the certificate names.</summary>
internal sealed record ParsedTls(ImmutableArray<HostMatch> Hosts, ObjectKey? Secret, string Field);
