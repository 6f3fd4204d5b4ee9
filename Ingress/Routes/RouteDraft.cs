using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Ingress.Routes;

/// <summary>A route in the making: who owns it, what it matches, where it goes, which canaries have joined.</summary>
internal sealed class RouteDraft(ParsedIngress owner, ParsedPath path)
{
    public ParsedIngress Owner { get; } = owner;

    public ParsedPath Path { get; } = path;

    /// <summary>Oldest first.</summary>
    public List<JoinedCanary> Canaries { get; } = [];

    /// <summary>It comes from a defaultBackend, not from a path that somebody wrote.</summary>
    public bool IsDefault => Path.Field == ParsedPath.DefaultBackendField;

    /// <summary>For a default backend: it takes all paths of its host that nothing else matches.</summary>
    public static RouteDraft ForDefault(ParsedIngress owner, HostMatch host, IngressBackend backend, string name) =>
        new(owner, new ParsedPath(host, PathMatch.All, "/", IngressPathType.Prefix, backend, name, ParsedPath.DefaultBackendField));
}

/// <param name="Path">The canary's own path, which names its backend.</param>
internal sealed record JoinedCanary(ParsedIngress Ingress, ParsedPath Path);
