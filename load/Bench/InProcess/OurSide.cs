using ClusterMesh.Ingress.Routes;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Sources;
using ClusterMesh.Proxy.Health;
using ClusterMesh.Proxy.Match;
using ClusterMesh.Proxy.Routing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterMesh.Bench;

/// <summary>The gateway's own way from objects to the snapshot in force: merge, compile, apply.</summary>
internal sealed class OurSide
{
    private readonly IngressCompiler _compiler = new(new IngressSettings());
    private readonly ProxyState _state = new(new HealthTable(new EjectionPolicy(), TimeProvider.System, NullLogger<HealthTable>.Instance), TimeProvider.System);
    private readonly Dictionary<string, SharedServices> _shared = [];
    private readonly MeshWriter _writer;

    public OurSide() => _writer = new MeshWriter("west", mesh => _state.Apply(mesh, _compiler.Compile(mesh).Routes));

    public RouteMatcher Matcher => _state.Snapshot!.Matcher;

    public int Routes => _state.Snapshot!.Routes.Count;

    public int Backends => _state.Snapshot!.Mesh.Services.Values.Sum(s => s.Ports.Sum(p => p.Backends.Length));

    /// <summary>Returns when the snapshot is in force.</summary>
    public void Apply(params ClusterObjects[] clusters) =>
        _writer.Start(clusters.Single(cluster => cluster.Cluster == "west"), clusters.Where(cluster => cluster.Cluster != "west").Select(SharedBy));

    private RemoteObjects SharedBy(ClusterObjects cluster)
    {
        if (!_shared.TryGetValue(cluster.Cluster, out var shared)) _shared[cluster.Cluster] = shared = new();
        return shared.Of(cluster);
    }
}
