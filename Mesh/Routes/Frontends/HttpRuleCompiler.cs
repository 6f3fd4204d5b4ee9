using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Routes.Frontends;

/// <summary>From a rule to its split, its filters and its policy: the same for all its matches and all parents.</summary>
/// <param name="problem">Field, reason, and what happens instead.</param>
internal sealed class HttpRuleCompiler(HttpRouteObject route, BackendResolver resolver, Action<string, string, string> problem)
{
    /// <summary>clustermesh.io/failover: "true" on the HTTPRoute: who cannot serve his share leaves it to the others.</summary>
    public const string FailoverAnnotation = "clustermesh.io/failover";

    private readonly bool _strict = !Failover(route, problem);

    public CompiledRule Compile(HttpRouteRule rule, string field)
    {
        var filters = Filters(rule, $"{field}.filters");
        if (filters.Broken is not null || filters.Redirect is not null) return new(rule, Nowhere, filters, RoutePolicy.InMesh);
        var targets = rule.Backends.Select((backend, index) => Target(backend, $"{field}.backendRefs[{index}]")).ToArray();
        if (BrokenAs(targets, $"{field}.backendRefs") is { } why) return new(rule, Nowhere, filters with { Broken = why }, RoutePolicy.InMesh);
        return new(rule, new([.. targets]) { Strict = _strict }, filters, Policy(rule));
    }

    // Answered before any target is asked.
    private static SplitModel Nowhere => new([]) { Strict = true };

    private string? BrokenAs(TargetModel[] targets, string field)
    {
        if (targets.Length == 0) return Broken(field, "names no backend");
        if (targets.All(target => target.Weight == 0)) return Broken(field, "gives no backend a weight above 0");
        // Each of them has been told already.
        return targets.All(target => target.Port is null) ? "every backend of this rule is broken" : null;
    }

    private string Broken(string field, string why)
    {
        problem(field, why, "requests get 500");
        return $"this rule {why}";
    }

    private TargetModel Target(HttpBackendReference reference, string field)
    {
        var (key, service, port, why) = resolver.Resolve(route.Key.Namespace, reference.Backend);
        var edits = HttpFilterCompiler.EditsOfBackend(reference.Filters, out var unknown);
        why ??= unknown is null ? null : $"the filter {unknown} is not supported on a backend";
        if (why is not null) problem(field, why, _strict ? "its share of the requests gets 500" : "its share goes to the others");
        return new(key, why is null ? port!.Port : null, reference.Weight)
        {
            Protocol = port is null ? null : BackendProtocols.InMesh(port.AppProtocol),
            LoadBalance = service is null ? null : DefaultRoutes.LoadBalanceOf(service),
            RequestHeaders = edits.Request,
            ResponseHeaders = edits.Response,
        };
    }

    private RouteFilters Filters(HttpRouteRule rule, string field)
    {
        var filters = HttpFilterCompiler.Compile(rule.Filters, out var unknown);
        if (unknown is not null) return filters with { Broken = Broken(field, $"has the filter {unknown}, which is not supported") };
        var mirrors = ImmutableArray.CreateBuilder<MirrorModel>();
        foreach (var mirror in rule.Filters.Select(filter => filter.Mirror).OfType<HttpMirror>())
        {
            var (key, _, port, why) = resolver.Resolve(route.Key.Namespace, mirror.Backend);
            if (why is null) mirrors.Add(new(key, port!.Port, mirror.Numerator, mirror.Denominator) { Protocol = BackendProtocols.InMesh(port.AppProtocol) });
            else problem(field, $"RequestMirror: {why}", "nothing is mirrored there");
        }

        return filters with { Mirrors = mirrors.ToImmutable() };
    }

    private static RoutePolicy Policy(HttpRouteRule rule) => RoutePolicy.InMesh with
    {
        RequestTimeout = Bound(rule.RequestTimeout),
        AttemptTimeout = Bound(rule.BackendRequestTimeout),
        ReadTimeout = ReadTimeout(rule.RequestTimeout) ?? ReadTimeout(rule.BackendRequestTimeout) ?? RoutePolicy.InMesh.ReadTimeout,
    };

    // Zero: none.
    private static TimeSpan? Bound(TimeSpan? asked) => asked > TimeSpan.Zero ? asked > RoutePolicy.Longest ? RoutePolicy.Longest : asked : null;

    // A backend may be silent for as long as the whole may take. Zero: a day, which is as good as without end.
    private static TimeSpan? ReadTimeout(TimeSpan? asked) =>
        asked is null ? null : Bound(asked) is not { } limit ? TimeSpan.FromDays(1) : limit < RoutePolicy.InMesh.ReadTimeout ? RoutePolicy.InMesh.ReadTimeout : limit;

    private static bool Failover(HttpRouteObject route, Action<string, string, string> problem)
    {
        var value = route.Meta.Annotation(FailoverAnnotation);
        if (value is not (null or "true" or "false")) problem(FailoverAnnotation, $"\"{value}\" is not true or false", "each backend answers for its own share");
        return value == "true";
    }
}

/// <param name="Split">Has no targets where the filters answer by themselves.</param>
internal sealed record CompiledRule(HttpRouteRule Rule, SplitModel Split, RouteFilters Filters, RoutePolicy Policy);
