using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Routes.Frontends;

/// <summary>All HTTPRoutes compiled; those whose object, Services and grants are the same ones are taken over as they were.</summary>
internal sealed class CompiledHttpRoutes
{
    private Dictionary<ObjectKey, CompiledHttpRoute> _last = [];
    private IReadOnlyList<ReferenceGrantObject> _grants = [];

    public CompiledHttpRoute this[HttpRouteObject route] => _last[route.Key];

    public IEnumerable<CompiledHttpRoute> All => _last.Values;

    public void Take(string cluster, IReadOnlyList<HttpRouteObject> routes, IReadOnlyList<ReferenceGrantObject> grants, Func<ObjectKey, ServiceObject?> service)
    {
        var sameGrants = ReferenceEquals(_grants, grants);
        var resolver = new BackendResolver(new(grants), service);
        var next = new Dictionary<ObjectKey, CompiledHttpRoute>(routes.Count);
        foreach (var route in routes)
        {
            object?[] inputs = [route, .. ReferredTo(route).Select(service)];
            var before = sameGrants ? _last.GetValueOrDefault(route.Key) : null;
            next[route.Key] = before is not null && before.Inputs.AsSpan().SequenceEqual(inputs, ReferenceEqualityComparer.Instance) ? before : Compile(cluster, route, resolver, service, inputs);
        }

        (_last, _grants) = (next, grants);
    }

    private static IEnumerable<ObjectKey> ReferredTo(HttpRouteObject route) => ParentPorts.ServicesOf(route).Concat(
        route.Rules.SelectMany(rule => rule.Backends.Select(backend => backend.Backend).Concat(rule.Filters.Select(filter => filter.Mirror?.Backend).OfType<BackendReference>()))
            .Select(reference => new ObjectKey(reference.Namespace is null or "" ? route.Key.Namespace : reference.Namespace, reference.Name)));

    private static CompiledHttpRoute Compile(string cluster, HttpRouteObject route, BackendResolver resolver, Func<ObjectKey, ServiceObject?> service, object?[] inputs)
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        void Report(string field, string reason, string instead) => problems.Add(new(cluster, $"{route.Kind} {route.Key}", field, reason, instead));
        foreach (var (field, reason, instead) in ParentProblems.Of(route, service)) Report(field, reason, instead);
        var compiler = new HttpRuleCompiler(route, resolver, Report);
        ImmutableArray<CompiledRule> rules = [.. route.Rules.Select((rule, index) => compiler.Compile(rule, $"spec.rules[{index}]"))];
        return new(route, rules, problems.ToImmutable(), inputs);
    }
}

/// <param name="Inputs">What it was made of, for knowing it again.</param>
internal sealed record CompiledHttpRoute(HttpRouteObject Object, ImmutableArray<CompiledRule> Rules, ImmutableArray<Problem> Problems, object?[] Inputs);
