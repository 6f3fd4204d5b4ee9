using System.Globalization;

namespace ClusterMesh.Load.Bench;

/// <summary>The "figures name=value ..." line that our generator prints.</summary>
internal sealed record Figures(long Ok, long Failed, long P50, long P99, long TotalOk)
{
    public static Figures Parse(string text)
    {
        var line = text.Split('\n').FirstOrDefault(l => l.StartsWith("figures ", StringComparison.Ordinal))
            ?? throw new FormatException($"the generator printed no figures: {text.Trim()}");
        var values = line.Trim().Split(' ').Skip(1).Select(pair => pair.Split('=')).ToDictionary(p => p[0], p => long.Parse(p[1], CultureInfo.InvariantCulture));
        return new Figures(values["ok"], values["failed"], values["p50_ns"], values["p99_ns"], values["total_ok"]);
    }
}
