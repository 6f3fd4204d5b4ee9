using ClusterMesh.Mesh.Status;
using ClusterMesh.Mesh.Clusters;
using System.Collections.Immutable;
using ClusterMesh.Ingress.Routes;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Ingress.Tests.Routes;

/// <summary>A small cluster with services web, v1, v2, v3 (http 80, grpc 90), and what the compiler makes of its Ingresses.</summary>
internal sealed class Edge
{
    private readonly Dictionary<ObjectKey, ServiceModel> _services = [];

    public Edge(params IngressBuilder[] ingresses)
    {
        Ingresses.AddRange(ingresses.Select(ingress => ingress.Build()));
        foreach (var name in new[] { "web", "v1", "v2", "v3" })
            Service(name, new ServicePort("http", 80), new ServicePort("grpc", 90));
    }

    public IngressSettings Settings { get; set; } = new();

    public List<IngressObject> Ingresses { get; } = [];

    public List<IngressClassObject> Classes { get; } = [];

    public Dictionary<ObjectKey, SecretObject> Secrets { get; } = [];

    public DateTimeOffset ReadAt { get; set; }

    public static IngressModel Of(params IngressBuilder[] ingresses) => new Edge(ingresses).Compile();

    public Edge Service(string name, params ServicePort[] ports) => ServiceOfType(name, "ClusterIP", ports);

    public Edge ServiceOfType(string name, string type, params ServicePort[] ports)
    {
        var service = new ServiceObject(new ObjectMeta(An.Key(name)), ports, Type: type);
        _services[service.Key] = new ServiceModel(service, ServiceMode.NotGlobal, [.. ports.Select(port => new ServicePortModel(port, []))]);
        return this;
    }

    public Edge Class(string name, string controller, bool isDefault = false)
    {
        var annotations = new Dictionary<string, string> { [IngressClassObject.DefaultAnnotation] = isDefault ? "true" : "false" };
        Classes.Add(new(new ObjectMeta(new("", name), ObjectMeta.None, annotations), controller));
        return this;
    }

    public IngressModel Compile() => Compile(new IngressCompiler(Settings));

    public IngressModel Compile(IngressCompiler compiler) => compiler.Compile(new MeshSnapshot(
        1, new ClusterObjects("west") { Ingresses = Ingresses, IngressClasses = Classes, Secrets = Secrets, ReadAt = ReadAt },
        ImmutableSortedDictionary<string, ClusterStatus>.Empty, _services.ToImmutableDictionary(), []));
}

internal static class Seen
{
    /// <summary>The route that stands for "host path" or "host path exact".</summary>
    public static RouteModel Route(this IngressModel model, string what)
    {
        var found = model.Routes.Routes.Where(route => Describe(route) == what).ToList();
        Assert.True(found.Count == 1, $"{found.Count} routes are {what}; there are: {string.Join(", ", model.Routes.Routes.Select(Describe))}");
        return found[0];
    }

    public static string Describe(RouteModel route) =>
        $"{route.Host} {route.Path.Value}{(route.Path.Kind == PathMatchKind.Exact ? " exact" : "")}";

    /// <summary>"web:80=75 v2:80=25"; a broken port is a "?".</summary>
    public static string Split(this RouteModel route) =>
        string.Join(' ', route.Split.Targets.Select(target => $"{target.Service.Name}:{target.Port?.ToString() ?? "?"}={target.Weight}"));

    public static RoutePolicy Policy(this IngressModel model) => Assert.Single(model.Routes.Routes).Policy;

    public static void HasNoProblems(this IngressModel model) => Assert.Equal("", string.Join('\n', model.Problems));

    /// <summary>There is this one problem and no other.</summary>
    public static Problem HasOnly(this IngressModel model, string subject, string field, string reason, string instead)
    {
        Assert.True(model.Problems.Length == 1, $"expected one problem ({reason}), found: {string.Join('\n', model.Problems)}");
        return model.Has(subject, field, reason, instead);
    }

    public static Problem Has(this IngressModel model, string subject, string field, string reason, string instead)
    {
        var found = model.Problems.FirstOrDefault(problem =>
            problem.Subject == subject && problem.Field == field && problem.Reason.Contains(reason) && problem.Instead.Contains(instead));
        Assert.True(found is not null, $"no problem \"{subject} {field}: {reason}; {instead}\" among:\n{string.Join('\n', model.Problems)}");
        Assert.Equal("west", found.Cluster);
        return found;
    }
}
