using ClusterMesh.Mesh.Services;
using ClusterMesh.Proxy.Match;

namespace ClusterMesh.Proxy.Routing;

/// <summary>What requests are routed by at one moment. Immutable; taken once for each request.</summary>
internal sealed record ProxySnapshot(long Version, DateTimeOffset AppliedAt, MeshSnapshot Mesh, RouteMatcher Matcher, IReadOnlyList<Route> Routes, Route? Default);
