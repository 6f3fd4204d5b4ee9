using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Patterns;

namespace ClusterMesh.Mesh.Routes.Frontends;

/// <summary>The routes of one port of a service out of all HTTPRoutes that have it as their parent, oldest first.</summary>
internal static class FrontendCompiler
{
    /// <param name="report">The route's object, field, reason, and what happens instead.</param>
    public static FrontendRoutes Compile(ObjectKey service, int port, IEnumerable<CompiledHttpRoute> routes, Action<HttpRouteObject, string, string, string> report)
    {
        var built = ImmutableArray.CreateBuilder<RouteModel>();
        var owners = new Dictionary<string, MatchOwner>(StringComparer.Ordinal);
        foreach (var (route, rule, match, field) in routes.SelectMany(Matches))
        {
            var model = Model(route.Object, rule, match, service, port);
            if (owners.TryAdd(MatchText.Of(model), new(model, route.Object, field))) built.Add(model);
            else report(route.Object, field, $"matches what a rule of {owners[MatchText.Of(model)].Route.Key} before it matches already, for {service}:{port}", "that one is followed");
        }

        foreach (var (pattern, prefix) in ShadowedPatterns.Of(owners.Values))
        {
            report(pattern.Route, pattern.Field,
                $"the path of type RegularExpression {pattern.Model.Path.Value} is never reached for {service}:{port}: the PathPrefix {prefix.Model.Path.Value} of {prefix.Route.Key} {prefix.Field} comes before it",
                "the other rule is followed");
        }

        return new(service, port, built.ToImmutable(), null);
    }

    private static IEnumerable<(CompiledHttpRoute Route, CompiledRule Rule, HttpRouteMatch Match, string Field)> Matches(CompiledHttpRoute route) =>
        route.Rules.SelectMany((rule, at) => rule.Rule.Matches.Select((match, index) => (route, rule, match, $"spec.rules[{at}].matches[{index}]")));

    private static RouteModel Model(HttpRouteObject route, CompiledRule rule, HttpRouteMatch match, ObjectKey service, int port)
    {
        var model = new RouteModel
        {
            Name = "",
            Owner = $"{route.Kind} {route.Key}",
            OwnerKey = route.Key,
            Frontend = $"{service}:{port}",
            Path = match.Path,
            PathPattern = match.Path.Kind == PathMatchKind.Regex ? WholePattern.TryParse(match.Path.Value, out _) : null,
            Methods = match.Method is { } method ? [method] : [],
            Headers = [.. match.Headers.Select(header => new HeaderMatch(header.Name, header.Value, Pattern(header)))],
            Queries = [.. match.Queries.Select(query => new QueryMatch(query.Name, query.Value, Pattern(query)))],
            Split = rule.Split,
            Policy = rule.Policy,
            Filters = rule.Filters,
        };
        return model with { Name = $"{route.Key} {service.Name}:{port}{MatchText.Short(MatchText.Of(model))}" };
    }

    private static System.Text.RegularExpressions.Regex? Pattern(HttpValueMatch match) => match.IsRegex ? WholePattern.TryParse(match.Value, out _) : null;
}
