using ClusterMesh.Mesh.Routes;
using ClusterMesh.Mesh.Status;
using ClusterMesh.Proxy.Routing;

namespace ClusterMesh.Proxy.Explain;

/// <summary>A route as people see it: what it matches, how it splits, and what its shares are with health counted in.</summary>
internal static class RouteView
{
    public static RouteStatus Of(Route route)
    {
        var model = route.Model;
        return new(
            model.Name, model.Frontend ?? model.Host.ToString(), model.Path.Value, model.Path.Kind.ToString(), model.Owner, Policy(route), Targets(route),
            [.. model.Split.Steering.Select(rule => Steering(rule, route))], model.Split.StickyBy?.ToString())
        {
            Conditions = [.. RouteText.Conditions(model)],
            Filters = [.. RouteText.Filters(model.Filters)],
        };
    }

    public static IReadOnlyList<TargetStatus> Targets(Route route)
    {
        if (route.Targets.Length == 0) return [];
        var healthy = new bool[route.Targets.Length];
        TargetChoice.Health(route, healthy);
        // A strict share is its target's, whether or not that can serve it.
        var weights = route.Targets.Select((target, index) => healthy[index] || route.Model.Split.Strict ? target.Model.Weight : 0).ToArray();
        if (weights.All(weight => weight == 0))
        {
            var first = Math.Max(0, Array.IndexOf(healthy, true));
            weights[first] = 1;
        }

        var total = (double)weights.Sum();
        return [.. route.Targets.Select((target, index) => new TargetStatus(
            target.Model.Service.ToString(), target.Model.Port?.ToString(System.Globalization.CultureInfo.InvariantCulture), target.Model.Weight,
            weights[index] / total, target.Model.Canary?.ToString(), healthy[index]))];
    }

    public static string Steering(SteerRule rule, Route route)
    {
        var target = route.Targets[rule.Target].Name;
        return rule.Kind switch
        {
            SteerKind.HeaderValue => $"header {rule.Name}: {rule.Value} -> {target}",
            SteerKind.HeaderPattern => $"header {rule.Name} ~ {rule.Pattern} -> {target}",
            SteerKind.HeaderPatternBroken => $"header {rule.Name} -> primary (its pattern is broken)",
            SteerKind.Header => $"header {rule.Name}: always -> {target}, never -> primary",
            _ => $"cookie {rule.Name}: always -> {target}, never -> primary",
        };
    }

    private static string Policy(Route route)
    {
        var policy = route.Model.Policy;
        var protocols = route.Targets.Select(target => target.Policy.Protocol).DefaultIfEmpty(policy.Protocol).Distinct();
        var words = new List<string> { string.Join('/', protocols).ToUpperInvariant(), $"connect {policy.ConnectTimeout.TotalSeconds:0.###}s", $"read {policy.ReadTimeout.TotalSeconds:0.###}s", $"tries {policy.Retry.Tries}" };
        if (policy.RequestTimeout is { } request) words.Add($"request {request.TotalSeconds:0.###}s");
        if (policy.AttemptTimeout is { } attempt) words.Add($"attempt {attempt.TotalSeconds:0.###}s");
        if (policy.MaxRequestBodyBytes is { } bytes) words.Add($"body {bytes}");
        if (policy.LoadBalance is { } balance) words.Add(balance.Kind == LoadBalanceKind.Hash ? $"hash {balance.Key}" : balance.Kind.ToString());
        if (policy.Session is { } session) words.Add($"session cookie {session.Name}");
        if (policy.HttpsRedirect != HttpsRedirect.Never) words.Add("redirects to https");
        return string.Join(", ", words);
    }
}
