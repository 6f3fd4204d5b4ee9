namespace ClusterMesh.Load.Bench;

/// <summary>One side over the other: the median of the ratios within each round, where both ran back to back.</summary>
internal sealed record Ratio(string Name, double Value)
{
    /// <summary>Null when a side was not measured.</summary>
    public static Ratio? Of(string name, IReadOnlyList<Sample> samples, string measure, string one, string other)
    {
        var ratios = samples.Where(s => s.Measure == measure && s.Contender == one)
            .Join(samples.Where(s => s.Measure == measure && s.Contender == other), s => s.Round, s => s.Round, (a, b) => a.Value / b.Value)
            .ToArray();
        return ratios.Length == 0 ? null : new Ratio(name, Median(ratios));
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    public override string ToString() => FormattableString.Invariant($"ratio {Name} {Value:F3}");
}
