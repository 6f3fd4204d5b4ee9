using System.Collections.Immutable;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Mesh.Routes.Frontends;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Sources;
using ClusterMesh.Mesh.Tests.Sources;

namespace ClusterMesh.Mesh.Tests.Routes.Frontends;

/// <summary>Manifests to the routes of Services' ports, as agent and proxy make them.</summary>
internal sealed class MeshWorld : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly DirectorySource _source;
    private readonly ServiceMerger _merger = new("west");
    private readonly MeshRoutes _routes = new();
    private long _version;

    public MeshWorld() => _source = new("west", _directory.Path, TimeProvider.System);

    public MeshSnapshot Mesh { get; private set; } = null!;

    public ImmutableArray<Problem> ServiceProblems { get; private set; }

    public MeshWorld With(string name, string text)
    {
        _directory.With(name, text);
        return this;
    }

    public MeshWorld Service(string name, string meta = "", string ports = "{port: 80}", string ip = "10.96.0.1") =>
        With($"service-{name}.yaml", $"{{apiVersion: v1, kind: Service, metadata: {{name: {name}{meta}}}, spec: {{clusterIP: {ip}, ports: [{ports}]}}}}");

    /// <summary>Of namespace default unless the meta says another.</summary>
    public MeshWorld Route(string name, string spec, string meta = "") =>
        With($"route-{name}.yaml", $"{{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {{name: {name}{meta}}}, spec: {{{spec}}}}}");

    public MeshRouteModel Compile()
    {
        var local = _source.Load();
        Assert.DoesNotContain(local.Problems, problem => problem.Instead == "nothing of this file is used");
        var merged = _merger.Merge(local, ImmutableSortedDictionary<string, RemoteObjects>.Empty);
        ServiceProblems = merged.Problems;
        Mesh = new(++_version, local, ImmutableSortedDictionary<string, ClusterMesh.Mesh.Status.ClusterStatus>.Empty, merged.Services, []) { Changed = _version == 1 ? default : merged.Changed };
        return _routes.Compile(Mesh);
    }

    /// <summary>The frontend's routes, one line each: name, where to, filters.</summary>
    public IEnumerable<string> Lines(string service, int port)
    {
        var frontend = Assert.Single(Compile().Routes.Frontends, frontend => frontend.Service.Name == service && frontend.Port == port);
        return frontend.Routes.Concat(frontend.Default is { } fallback ? [fallback] : []).Select(Line);
    }

    public void Dispose()
    {
        _source.Dispose();
        _directory.Dispose();
    }

    private static string Line(RouteModel route) =>
        string.Join("; ", RouteText.Filters(route.Filters).Prepend($"{route.Name} -> {string.Join(", ", route.Split.Targets.Select(target => $"{target.Service.Name}:{target.Port?.ToString() ?? "-"}={target.Weight}"))}"));
}
