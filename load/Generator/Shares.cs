using System.Globalization;

namespace ClusterMesh.Load.Generator;

/// <summary>How answers are spread over the values of one property.</summary>
internal sealed class Shares
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public long Total { get; private set; }

    public void Count(string name, long count = 1)
    {
        _counts[name] = _counts.GetValueOrDefault(name) + count;
        Total += count;
    }

    public void Add(Shares other)
    {
        foreach (var (name, count) in other._counts)
            Count(name, count);
    }

    public long CountOf(string name) => _counts.GetValueOrDefault(name);

    /// <summary>0..1; 0 when nothing was counted.</summary>
    public double Of(string name) => Total == 0 ? 0 : (double)CountOf(name) / Total;

    /// <summary>"east 25.00 %, west 75.00 %". A share that is not whole never prints as 100.00 %.</summary>
    public override string ToString() =>
        Total == 0 ? "none" : string.Join(", ", _counts.Select(c => $"{c.Key} {Percent((double)c.Value / Total)}"));

    private static string Percent(double share) =>
        (share < 1 ? Math.Min(99.99, share * 100) : 100).ToString("F2", CultureInfo.InvariantCulture) + " %";
}
