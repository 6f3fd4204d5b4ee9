namespace ClusterMesh.Agent.Conntrack;

/// <summary>
/// How long until the connections are swept again: the fuller the map, the sooner, as Cilium does it; but sweeping takes a hundredth
/// of a CPU at most, unless one sweep a minute is more. Pure.
/// </summary>
internal static class SweepPace
{
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(5), Longest = TimeSpan.FromSeconds(60);

    /// <summary>Of the map: from here on it cannot be swept too soon, or the kernel takes room from the least recently used.</summary>
    private const double Pressing = 0.5;

    private const int RestPerWork = 100;

    /// <param name="found">Entries that were there before the sweep.</param>
    /// <param name="capacity">Entries that the map takes.</param>
    /// <param name="took">The sweep.</param>
    public static TimeSpan Next(int found, int capacity, TimeSpan took)
    {
        var pressure = Math.Min(1, found / (capacity * Pressing));
        var byPressure = Longest - ((Longest - Shortest) * pressure);
        var rest = took * RestPerWork;
        return rest <= byPressure ? byPressure : rest < Longest ? rest : Longest;
    }
}
