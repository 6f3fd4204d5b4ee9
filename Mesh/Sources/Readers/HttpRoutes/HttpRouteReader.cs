using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Sources.Readers.HttpRoutes;

/// <summary>HTTPRoute, checked as the API server checks it (peers.md 2.3): what it would refuse is refused here.</summary>
internal static class HttpRouteReader
{
    private const int MostParents = 32, MostHostnames = 16, MostRules = 16, MostMatches = 128;

    public static HttpRouteObject Read(Field root)
    {
        var meta = MetaReader.Read(root, NameRule.Subdomain);
        var spec = root["spec"];
        spec.Present("a map");
        RouteFields.Warn(spec, "parentRefs", "hostnames", "rules", "useDefaultGateways");
        ImmutableArray<HttpRouteRule> rules = [.. Limits.Items(spec["rules"], MostRules).Select(HttpRouteRuleReader.Read)];
        if (rules.Sum(rule => rule.Matches.Length) is > MostMatches and var matches)
            spec["rules"].Error($"have {matches} matches in all, expected at most {MostMatches}");
        return new HttpRouteObject(meta, [.. Limits.Items(spec["parentRefs"], MostParents).Select(ReferenceReader.Parent)], rules.IsEmpty ? [HttpRouteRuleReader.Empty] : rules)
        {
            Hostnames = [.. Limits.Items(spec["hostnames"], MostHostnames).Select(Hostname).OfType<string>()],
        };
    }

    private static string? Hostname(Field field)
    {
        field.Required("a host");
        return Dns.HostOf(field);
    }
}
