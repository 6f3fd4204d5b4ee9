namespace ClusterMesh.DatapathBench;

/// <param name="Slice">How long each side is measured in each round.</param>
internal sealed record BenchSize(int Rounds, TimeSpan Slice, int Services)
{
    /// <summary>Of what proxies are asked.</summary>
    public required HttpSize Http { get; init; }

    public static BenchSize Full { get; } = new(15, TimeSpan.FromMilliseconds(250), 10_000)
    {
        Http = new(15, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(20), [1000, 5000]),
    };

    /// <summary>Tries the harness; the figures mean nothing.</summary>
    public static BenchSize Quick { get; } = new(1, TimeSpan.FromMilliseconds(40), 200)
    {
        Http = new(1, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), [500]),
    };
}

/// <param name="WarmUp">Of each side, before anything counts: a proxy is compiled again while it is in use.</param>
/// <param name="Steady">How long each of the fixed rates lasts.</param>
/// <param name="Rates">Requests/s.</param>
internal sealed record HttpSize(int Rounds, TimeSpan Slice, TimeSpan WarmUp, TimeSpan Steady, IReadOnlyList<int> Rates);
