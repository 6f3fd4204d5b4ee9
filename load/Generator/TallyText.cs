using System.Globalization;

namespace ClusterMesh.Load.Generator;

/// <summary>Prints a tally for people, and its figures as one line for scripts.</summary>
internal static class TallyText
{
    public static string Lines(Tally tally)
    {
        var lines = new List<string>
        {
            $"requests  sent {tally.Sent}, ok {tally.Ok}, failed {tally.Failed}{Kinds(tally)}, reconnects {tally.Reconnects}",
            $"latency   p50 {Milliseconds(tally.Latency.Quantile(0.5))}, p99 {Milliseconds(tally.Latency.Quantile(0.99))}, max {Milliseconds(tally.Latency.Max)}",
            $"cluster   {tally.Clusters}",
            $"version   {tally.Versions}",
        };
        lines.AddRange(tally.FailureDetails.Select(d => $"failed    {d}"));
        return string.Join(Environment.NewLine, lines);
    }

    /// <summary>"figures sent=1 ok=1 failed=0 reconnects=0 p50_ns=1 p99_ns=1 max_ns=1 total_ok=1".</summary>
    /// <param name="total">With the warm-up, which the tally leaves out.</param>
    public static string Figures(Tally tally, Tally total) =>
        $"figures sent={tally.Sent} ok={tally.Ok} failed={total.Failed} reconnects={tally.Reconnects}"
        + $" p50_ns={tally.Latency.Quantile(0.5)} p99_ns={tally.Latency.Quantile(0.99)} max_ns={tally.Latency.Max} total_ok={total.Ok}";

    public static string Milliseconds(long nanoseconds) =>
        (nanoseconds / 1e6).ToString("F2", CultureInfo.InvariantCulture) + " ms";

    private static string Kinds(Tally tally)
    {
        var kinds = tally.Failures.Select(f => $"{f.Key.ToString().ToLowerInvariant()} {f.Value}").ToArray();
        return kinds.Length == 0 ? "" : $" ({string.Join(", ", kinds)})";
    }
}
