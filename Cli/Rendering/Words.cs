using System.Globalization;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Rendering;

/// <summary>Numbers, times and states in the same words in every table.</summary>
internal static class Words
{
    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A share of 0..1 as percent, as many digits as it needs: 25%, 0.1%, 0.0001%.</summary>
    public static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.####}%");

    public static string Time(DateTimeOffset? time) =>
        time?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";

    public static string YesNo(bool value) => value ? "yes" : "no";

    public static string Count(long number, string one, string many) => $"{Number(number)} {(number == 1 ? one : many)}";

    /// <summary>"west 75%, east 25% (weight)": where requests go now.</summary>
    public static string Pools(IReadOnlyList<PoolStatus> pools)
    {
        if (pools.Count == 0)
            return "nowhere";
        var parts = pools.Select(pool => $"{string.Join('+', pool.Clusters)} {Share(pool.Share)}");
        return $"{string.Join(", ", parts)} ({string.Join(", ", pools.Select(pool => pool.Reason).Distinct())})";
    }

    public static Cell Healthy(int healthy, int known) =>
        new($"{Number(healthy)}/{Number(known)}", healthy == known ? Tone.Plain : healthy == 0 ? Tone.Bad : Tone.Warn);

    public static Cell State(string state) => new(state, state switch
    {
        "ready" or "synced" or "active" => Tone.Good,
        "failed" or "ejected" => Tone.Bad,
        _ => Tone.Warn,
    });
}
