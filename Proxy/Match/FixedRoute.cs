using ClusterMesh.Proxy.Routing;

namespace ClusterMesh.Proxy.Match;

/// <summary>On a request that is not matched: its connection had a destination of its own.</summary>
internal sealed record FixedRoute(Route Route);
