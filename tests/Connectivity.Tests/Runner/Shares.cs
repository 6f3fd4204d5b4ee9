using System.Globalization;
using ClusterMesh.Cli.Lab;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>
/// Lines of "shares": "cluster-2 25" is the percentage of requests that cluster-2 answered, "cluster-2/next 1" that its pods whose names begin
/// so did, "next 1" that those of all clusters did. A proxy's splits are exact and not by chance, and nobody else answers.
/// </summary>
internal static class Shares
{
    /// <summary>A multiple of the weights' sums, where the split is exact.</summary>
    public const int Requests = 400;

    public const int AtOnce = 8;

    /// <summary>One request.</summary>
    private const double Tolerance = 100.0 / Requests;

    /// <returns>The lines as they are where they hold, else with what was seen; and who answered that no line names.</returns>
    public static string[] Seen(IReadOnlyList<LabAnswer> answers, IReadOnlyList<string> expected)
    {
        var who = answers.Select(answer => answer.Status == 200 ? $"/{answer.Cluster}/{answer.Pod}" : answer.Failure ?? $"status {answer.Status}").ToList();
        var lines = expected.Select(line => line.Split(' ')).Select(words => (Who: words[0], Percent: double.Parse(words[1], CultureInfo.InvariantCulture))).ToList();
        var others = who.Where(one => !lines.Any(line => Is(one, line.Who))).GroupBy(one => one).Select(same => $"{same.Key}: {same.Count()}");
        return [.. lines.Select(line => $"{line.Who} {Share(line.Percent, 100.0 * who.Count(one => Is(one, line.Who)) / who.Count)}"), .. others];
    }

    private static bool Is(string one, string who) => one.Contains($"/{who}", StringComparison.Ordinal);

    private static string Share(double expected, double seen) => (Math.Abs(seen - expected) <= Tolerance ? expected : seen).ToString("0.##", CultureInfo.InvariantCulture);
}
