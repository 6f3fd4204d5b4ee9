using System.Collections.Frozen;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Proxy.Match;

namespace ClusterMesh.Proxy.Routing;

/// <summary>What requests are routed by at one moment. Immutable; taken once for each request.</summary>
internal sealed record ProxySnapshot(long Version, DateTimeOffset AppliedAt, MeshSnapshot Mesh, RouteMatcher Matcher, IReadOnlyList<Route> Routes, Route? Default)
{
    /// <summary>By whose routes those go who asked for a port of a service; empty at the edge.</summary>
    public FrozenDictionary<(ObjectKey Service, int Port), RouteMatcher> Frontends { get; init; } = FrozenDictionary<(ObjectKey, int), RouteMatcher>.Empty;

    /// <summary>The matcher of a connection; null = nobody has routes for it.</summary>
    public RouteMatcher? MatcherOf(IFrontendFeature? frontend) => frontend is null ? Matcher : Frontends.GetValueOrDefault((frontend.Service, frontend.Port));
}
