using System.Collections.Immutable;

namespace ClusterMesh.Ingress.Routes;

/// <summary>Weights of a primary and its canaries on one scale.</summary>
/// <param name="FirstAbove">Index of the canary that brings the sum above the whole, or -1.</param>
internal sealed record WeightScale(long Primary, ImmutableArray<long> Canaries, int FirstAbove)
{
    /// <summary>A primary's weight without canaries.</summary>
    public const long Alone = 100;

    /// <summary>Any two totals fit under it exactly, and so many canaries' sum still fits in a long.</summary>
    private const long LargestWhole = 1_000_000_000_000;

    private const long Rounded = 1_000_000_000;

    public static WeightScale Of(IReadOnlyList<CanaryRule> canaries)
    {
        var (whole, exact) = CommonTotal(canaries);
        var weights = canaries.Select(canary => exact
            ? canary.Weight * (whole / canary.Total)
            : (long)Math.Round((decimal)canary.Weight * whole / canary.Total)).ToImmutableArray();
        var left = whole;
        var firstAbove = -1;
        for (var i = 0; i < weights.Length; i++)
        {
            left -= weights[i];
            if (left < 0 && firstAbove < 0)
                firstAbove = i;
        }
        // Above the whole the weights, being relative, share it in proportion by themselves.
        return new WeightScale(Math.Max(left, 0), weights, firstAbove);
    }

    private static (long Whole, bool Exact) CommonTotal(IReadOnlyList<CanaryRule> canaries)
    {
        var whole = canaries.Count == 0 ? Alone : 1L;
        foreach (var canary in canaries)
        {
            // Totals stay at or below 1e6, so this product stays far below a long's end.
            whole *= canary.Total / GreatestCommonDivisor(whole, canary.Total);
            if (whole > LargestWhole)
                return (Rounded, false);
        }
        return (whole, true);
    }

    private static long GreatestCommonDivisor(long a, long b)
    {
        while (b != 0)
            (a, b) = (b, a % b);
        return a;
    }
}
