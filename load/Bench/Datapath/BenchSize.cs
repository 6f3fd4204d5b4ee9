namespace ClusterMesh.DatapathBench;

/// <param name="Slice">How long each side is measured in each round.</param>
internal sealed record BenchSize(int Rounds, TimeSpan Slice, int Services)
{
    public static BenchSize Full { get; } = new(15, TimeSpan.FromMilliseconds(250), 10_000);

    /// <summary>Tries the harness; the figures mean nothing.</summary>
    public static BenchSize Quick { get; } = new(1, TimeSpan.FromMilliseconds(40), 200);
}
