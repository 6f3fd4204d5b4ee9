using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Demo;

/// <summary>The table at the end: what was expected, what was seen, and why.</summary>
internal static class DemoReport
{
    /// <param name="missing">Why the kernel's rows cannot be played.</param>
    public static string LeftOut(string missing) => $"left out: the rows of the data path in the kernel, where a pod asks for a ClusterIP; {missing}";

    public static TextTable Table(IReadOnlyList<Row> rows)
    {
        var table = new TextTable("WHAT", "EXPECTED", "SEEN", "VERDICT");
        foreach (var row in rows)
        {
            foreach (var (index, check) in row.Checks.Index())
                table.Add(
                    index == 0 ? row.What : Cell.Blank, check.Expected, new(check.Seen, check.Holds ? Tone.Plain : Tone.Bad),
                    check.Holds ? new("ok", Tone.Good) : new("OFF", Tone.Bad));
            table.Note(row.Why);
        }

        return table;
    }
}
