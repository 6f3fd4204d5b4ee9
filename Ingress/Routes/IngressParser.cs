using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Ingress.Routes;

/// <summary>From one Ingress object to its values; bad parts are left out and reported.</summary>
internal static class IngressParser
{
    public static ParsedIngress Parse(IngressObject ingress, string cluster, IngressSettings settings)
    {
        var problems = new ProblemList(cluster);
        var reader = new AnnotationReader(ingress, settings.AnnotationPrefixes, problems);
        var canary = CanaryAnnotations.Read(reader);
        var hosts = ParseHosts(ingress, problems);
        return new ParsedIngress(ingress, $"Ingress {ingress.Key}", reader)
        {
            Canary = canary,
            Policy = canary is null ? PolicyAnnotations.Read(reader) : PolicyAnnotations.ReadOnCanary(reader),
            Paths = PathParser.Parse(ingress, hosts, problems),
            Hosts = [.. hosts.OfType<HostMatch>().Distinct()],
            Tls = ParseTls(ingress, problems),
            Problems = WithEmptiness(ingress, problems).ToImmutable(),
        };
    }

    /// <summary>By rule; null where the host is none.</summary>
    private static HostMatch?[] ParseHosts(IngressObject ingress, ProblemList problems)
    {
        var hosts = new HostMatch?[ingress.Rules.Count];
        for (var i = 0; i < hosts.Length; i++)
            hosts[i] = ParseHost(ingress, ingress.Rules[i].Host, $"spec.rules[{i}].host", "the rule is ignored", problems);
        return hosts;
    }

    private static ImmutableArray<ParsedTls> ParseTls(IngressObject ingress, ProblemList problems)
    {
        var entries = ImmutableArray.CreateBuilder<ParsedTls>(ingress.Tls.Count);
        for (var i = 0; i < ingress.Tls.Count; i++)
        {
            var (hosts, secret) = (ingress.Tls[i].Hosts, ingress.Tls[i].SecretName);
            var parsed = hosts.Select((host, j) => ParseHost(ingress, host, $"spec.tls[{i}].hosts[{j}]", "this host is ignored", problems));
            var usable = parsed.OfType<HostMatch>().Where(host => host != HostMatch.Any).ToImmutableArray();
            // All hosts bad is not the same as none given: such an entry must not spread to other hosts.
            if (usable.Length > 0 || hosts.Count == 0)
                entries.Add(new ParsedTls(usable, string.IsNullOrEmpty(secret) ? null : new(ingress.Key.Namespace, secret), $"spec.tls[{i}]"));
        }
        return entries.ToImmutable();
    }

    private static HostMatch? ParseHost(IngressObject ingress, string? written, string field, string instead, ProblemList problems)
    {
        if (RuleHost.TryParse(written, out var host))
            return host;
        problems.Add(ingress, field, $"{ProblemList.Quote(written!)} is not a DNS name, nor \"*.\" and one", instead);
        return null;
    }

    private static ProblemList WithEmptiness(IngressObject ingress, ProblemList problems)
    {
        if (ingress.Rules.Count == 0 && ingress.DefaultBackend is null)
            problems.Add(ingress, "spec", "neither rules nor a defaultBackend", "nothing is routed");
        return problems;
    }
}
