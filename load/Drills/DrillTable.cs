using ClusterMesh.Load.Generator;

namespace ClusterMesh.Load.Drills;

/// <summary>One line for each drill.</summary>
internal static class DrillTable
{
    private static readonly string[] Header = ["drill", "sent", "ok", "failed", "reconnects", "p50", "p99", "max", "result"];

    public static string Text(IEnumerable<DrillReport> reports)
    {
        string[][] rows = [Header, .. reports.Select(Row)];
        var widths = Enumerable.Range(0, Header.Length).Select(c => rows.Max(r => r[c].Length)).ToArray();
        return string.Join(Environment.NewLine, rows.Select(r => Line(r, widths)));
    }

    private static string[] Row(DrillReport report)
    {
        var (total, latency) = (report.Total, report.Total.Latency);
        return
        [
            report.Name, $"{total.Sent}", $"{total.Ok}", $"{total.Failed}", $"{total.Reconnects}",
            TallyText.Milliseconds(latency.Quantile(0.5)), TallyText.Milliseconds(latency.Quantile(0.99)), TallyText.Milliseconds(latency.Max),
            report.Passed ? "pass" : "FAIL: " + string.Join("; ", report.Checks.Where(c => !c.Passed).Select(c => c.What)),
        ];
    }

    private static string Line(string[] row, int[] widths) =>
        string.Join("  ", row.Select((cell, c) => c == 0 || c == row.Length - 1 ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c]))).TrimEnd();
}
