using System.Collections.Immutable;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Ingress.Routes;

/// <summary>The canaries' headers and cookies as one list: all headers in canary order, then all cookies.</summary>
internal static class Steering
{
    public static ImmutableArray<SteerRule> Of(IReadOnlyList<CanaryRule> canaries)
    {
        var rules = ImmutableArray.CreateBuilder<SteerRule>();
        for (var i = 0; i < canaries.Count; i++)
        {
            if (canaries[i].Header is { } header)
                rules.Add(ByHeader(header, target: i + 1));
        }
        for (var i = 0; i < canaries.Count; i++)
        {
            if (canaries[i].Cookie is { } cookie)
                rules.Add(new SteerRule(SteerKind.Cookie, cookie, Target: i + 1));
        }
        return rules.ToImmutable();
    }

    private static SteerRule ByHeader(CanaryHeader header, int target) => header switch
    {
        { Value: { } value } => new SteerRule(SteerKind.HeaderValue, header.Name, target, value),
        { Pattern: { } pattern } => new SteerRule(SteerKind.HeaderPattern, header.Name, target, Pattern: pattern),
        { Broken: true } => new SteerRule(SteerKind.HeaderPatternBroken, header.Name, target),
        _ => new SteerRule(SteerKind.Header, header.Name, target),
    };
}
