using System.Globalization;

namespace ClusterMesh.MeshBench;

/// <summary>The lines that bench.sh keeps.</summary>
internal static class Print
{
    public static void Ratio(string name, double value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio {name} {value:0.000}"));

    public static void Value(string name, double value, string unit) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"value {name} {value:0.###} {unit}"));
}
