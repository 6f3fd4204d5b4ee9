using System.Collections.Immutable;
using ClusterMesh.Mesh.Policy.Entries;

namespace ClusterMesh.Mesh.Policy.Http;

/// <summary>What one rule of a policy allows.</summary>
/// <param name="Rule">Null = every request: the rule says nothing about HTTP.</param>
public sealed record HttpAllowance(RuleOrigin Origin, HttpRule? Rule);

/// <summary>All that is allowed on a port that goes to the proxy: any one is enough. Equal by what is in it.</summary>
public sealed class HttpAllowances(ImmutableArray<HttpAllowance> all) : IEquatable<HttpAllowances>
{
    public ImmutableArray<HttpAllowance> All { get; } = all;

    /// <summary>Whether one of them changes requests, so that all have to be asked.</summary>
    public bool Edit { get; } = all.Any(one => one.Rule is { Edits: true });

    /// <summary>Itself where the other has nothing new.</summary>
    public HttpAllowances And(IEnumerable<HttpAllowance> others)
    {
        ImmutableArray<HttpAllowance> more = [.. others.Except(All)];
        return more.IsEmpty ? this : new(All.AddRange(more));
    }

    public bool Equals(HttpAllowances? other) => other is not null && All.AsSpan().SequenceEqual(other.All.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as HttpAllowances);

    public override int GetHashCode() => All.Aggregate(0, HashCode.Combine);

    public override string ToString() => string.Join("; ", All.Select(one => $"{one.Origin}: {one.Rule?.ToString() ?? "everything"}"));
}
