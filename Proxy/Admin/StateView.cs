using ClusterMesh.Mesh.Hosting;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Status;
using ClusterMesh.Proxy.Explain;
using ClusterMesh.Proxy.Routing;

namespace ClusterMesh.Proxy.Admin;

/// <summary>Everything that is known and decided now, for GET /state.</summary>
internal static class StateView
{
    public static GatewayState Of(ProxyCore proxy, IProxyHost host)
    {
        var snapshot = proxy.State.Snapshot!;
        var gateway = new GatewayStatus(
            host.Cluster, BuildVersion.Text, host.Lifecycle.State, snapshot.Version, host.Lifecycle.StartedAt, snapshot.AppliedAt,
            host.Listeners, proxy.Recorder.Requests, proxy.Recorder.Failed);
        return new(
            gateway,
            [.. snapshot.Mesh.Clusters.Values.Select(cluster => ClusterOf(cluster, snapshot.Mesh, proxy))],
            [.. snapshot.Mesh.Services.Values.OrderBy(service => service.Key).Select(service => ServiceView.Of(service, proxy))],
            [.. AllRoutes(snapshot).Select(RouteView.Of)],
            host.Certificates,
            [.. host.Problems.Select(problem => new ProblemStatus(problem.Cluster, problem.Subject, problem.Field, problem.Reason, problem.Instead, problem.Where))]);
    }

    private static IEnumerable<Route> AllRoutes(ProxySnapshot snapshot) =>
        snapshot.Default is { } fallback ? snapshot.Routes.Append(fallback) : snapshot.Routes;

    private static ClusterStatus ClusterOf(ClusterStatus cluster, MeshSnapshot mesh, ProxyCore proxy)
    {
        // One address may serve several services: it counts once, and as healthy where any of them may use it.
        var backends = mesh.Services.Values.SelectMany(service => service.Ports).SelectMany(port => port.Backends)
            .Where(backend => backend.Cluster == cluster.Name).ToLookup(backend => backend.Authority);
        var healthy = backends.Count(same => same.Any(backend => backend.State == BackendState.Active) && proxy.Health.Get(same.First()).Healthy);
        return cluster with { Backends = backends.Count, Healthy = healthy };
    }
}
