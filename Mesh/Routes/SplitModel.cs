using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Routes;

/// <summary>
/// How a route's requests are split over its targets: steering first, in order, first hit wins; then a sticky hash where one
/// is asked for; then weights. Target 0 is the primary.
/// </summary>
public sealed record SplitModel(ImmutableArray<TargetModel> Targets)
{
    public ImmutableArray<SteerRule> Steering { get; init; } = [];

    /// <summary>What a sticky split hashes; null = each request is drawn on its own.</summary>
    public HashKey? StickyBy { get; init; }

    /// <summary>
    /// HTTPRoute's way: a target that cannot serve answers for its own share (500 where the reference is broken, 503 where nobody is
    /// ready), and neither a first attempt nor a retry leaves its target.
    /// </summary>
    public bool Strict { get; init; }

    /// <summary>By what they hold, so that a rebuilt route can be known as the one in force.</summary>
    public bool Equals(SplitModel? other) =>
        other is not null && StickyBy == other.StickyBy && Strict == other.Strict && Targets.SequenceEqual(other.Targets) && Steering.SequenceEqual(other.Steering);

    public override int GetHashCode() => Targets.IsEmpty ? 0 : Targets[0].GetHashCode();
}

/// <summary>One side of a split: a port of a service, with a weight relative to the other targets' weights.</summary>
/// <param name="Service">The service's key, whether or not it exists.</param>
/// <param name="Port">Number of the service's port, already resolved from a name; null = the reference is broken.</param>
/// <param name="Weight">0 = only by steering or when nobody else is healthy.</param>
/// <param name="Canary">The Ingress that brought this target in as a canary; null for the primary.</param>
public sealed record TargetModel(ObjectKey Service, int? Port, long Weight, ObjectKey? Canary = null)
{
    /// <summary>A canary's own load-balance or upstream-hash-by, or a Service's sessionAffinity; null = the route's.</summary>
    public LoadBalance? LoadBalance { get; init; }

    /// <summary>What the port says that it speaks; null = as the route's policy has it.</summary>
    public BackendProtocol? Protocol { get; init; }

    /// <summary>Of requests that go to this target, after the route's own.</summary>
    public HeaderEdits RequestHeaders { get; init; } = HeaderEdits.None;

    /// <summary>Of its responses, after the route's own.</summary>
    public HeaderEdits ResponseHeaders { get; init; } = HeaderEdits.None;
}

/// <summary>One line of the canary decision table (peers.md 2.1, steps 4 and 5).</summary>
/// <param name="Target">Index of the canary that a hit chooses.</param>
public sealed record SteerRule(SteerKind Kind, string Name, int Target, string? Value = null, Regex? Pattern = null);

public enum SteerKind
{
    /// <summary>Header: "always" = this target, "never" = primary.</summary>
    Header,

    /// <summary>Header equals Value = this target; anything else falls through.</summary>
    HeaderValue,

    /// <summary>Header matches Pattern (unanchored, linear-time engine) = this target; no match falls through.</summary>
    HeaderPattern,

    /// <summary>The pattern could not be compiled: a request that has the header goes to the primary.</summary>
    HeaderPatternBroken,

    /// <summary>Cookie: "always" = this target, "never" = primary.</summary>
    Cookie,
}
