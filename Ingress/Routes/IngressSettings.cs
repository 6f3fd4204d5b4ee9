using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Ingress.Routes;

/// <summary>Which Ingresses are ours and how their annotations are spelled; from the host's flags.</summary>
internal sealed record IngressSettings
{
    /// <summary>An IngressClass with this spec.controller is ours.</summary>
    public string ControllerName { get; init; } = "clustermesh.io/ingress-controller";

    /// <summary>The class name that is ours even where no IngressClass object says so.</summary>
    public string ClassName { get; init; } = "clustermesh";

    /// <summary>The first one that an Ingress has wins, name by name.</summary>
    public ImmutableArray<string> AnnotationPrefixes { get; init; } = ["clustermesh.io/", "nginx.ingress.kubernetes.io/"];

    /// <summary>Served where no other certificate fits; null = a self-signed one.</summary>
    public ObjectKey? DefaultTlsSecret { get; init; }
}
