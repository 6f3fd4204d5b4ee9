namespace ClusterMesh.DatapathBench.Measuring;

/// <summary>The lines that bench.sh keeps.</summary>
internal static class Print
{
    public static void Title(string text) => Console.WriteLine($"\n# {text}");

    public static void Ratio(string name, double value, double? aim = null) =>
        Console.WriteLine(FormattableString.Invariant($"ratio {name} {value:F3}") + (aim is { } least ? FormattableString.Invariant($" # aim >= {least:F2}{(value >= least ? "" : ": MISSED")}") : ""));

    public static void Value(string name, double value, string unit) => Console.WriteLine(FormattableString.Invariant($"value {name} {value:0.###} {unit}"));
}
