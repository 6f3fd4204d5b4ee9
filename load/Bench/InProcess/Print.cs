namespace ClusterMesh.Bench;

internal static class Print
{
    public static void Ratio(string name, double value) => Console.WriteLine(FormattableString.Invariant($"ratio {name} {value:F3}"));

    public static void Value(string name, double value, string unit) => Console.WriteLine(FormattableString.Invariant($"value {name} {value:F1} {unit}"));
}
