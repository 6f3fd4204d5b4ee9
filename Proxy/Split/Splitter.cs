using ClusterMesh.Mesh.Routes;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Proxy.Pick;

namespace ClusterMesh.Proxy.Split;

/// <summary>Decides the target of a request: the table of peers.md 2.1, with health. Decides only; sends nothing.</summary>
internal static class Splitter
{
    /// <param name="healthy">One entry per target: it has a healthy backend.</param>
    /// <param name="bound">The target that the session cookie is bound to; -1 = none.</param>
    /// <param name="turns">The route's counters.</param>
    public static SplitDecision Decide(SplitTable table, ReadOnlySpan<bool> healthy, in RequestFacts request, int bound, SplitTurns turns)
    {
        var targets = table.Model.Targets;
        if (targets.Length == 1) return new(0, SplitReason.Only);
        if (bound >= 0 && healthy[bound]) return new(bound, SplitReason.Session);
        var wanted = Steer(table.Model, healthy, request);
        if (wanted.Target < 0) wanted = Share(table, healthy, request, turns);
        if (wanted.Target >= 0 && (healthy[wanted.Target] || table.Model.Strict)) return wanted;
        var instead = table.DrawHealthy(healthy, ref turns.Healthy);
        return instead >= 0 ? new(instead, SplitReason.Failover) : wanted with { Target = Math.Max(0, wanted.Target) };
    }

    private static SplitDecision Share(SplitTable table, ReadOnlySpan<bool> healthy, in RequestFacts request, SplitTurns turns)
    {
        if (table.Model.StickyBy is { } key && request.Value(key) is { Length: > 0 } value) return new(table.Sticky(StickyHash.Of(value), healthy), SplitReason.Sticky);
        return new(table.Draw(ref turns.All), SplitReason.Weight);
    }

    // Steps 4 and 5: the first hit wins. A canary without healthy backends is passed over (step 2).
    private static SplitDecision Steer(SplitModel model, ReadOnlySpan<bool> healthy, in RequestFacts request)
    {
        foreach (var rule in model.Steering)
        {
            var cookie = rule.Kind == SteerKind.Cookie;
            var value = cookie ? request.Cookie(rule.Name) : request.Header(rule.Name);
            if (value is null || !healthy[rule.Target]) continue;
            var hit = rule.Kind switch
            {
                SteerKind.HeaderValue => value == rule.Value ? rule.Target : -1,
                SteerKind.HeaderPattern => rule.Pattern!.IsMatch(value) ? rule.Target : -1,
                SteerKind.HeaderPatternBroken => 0,
                _ => value switch { "always" => rule.Target, "never" => 0, _ => -1 },
            };
            if (hit >= 0) return new(hit, cookie ? SplitReason.Cookie : SplitReason.Header);
        }

        return new(-1, SplitReason.Weight);
    }
}

/// <summary>The target's index in the split and why it was taken.</summary>
internal readonly record struct SplitDecision(int Target, SplitReason Reason);

/// <summary>How far a route's sequences have come; they live on when the route changes.</summary>
internal sealed class SplitTurns
{
    public long All;
    public long Healthy;
}
