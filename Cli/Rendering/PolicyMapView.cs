using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Rendering;

/// <summary>One line per entry of a policy map.</summary>
internal static class PolicyMapView
{
    public static void Print(Screen screen, IReadOnlyList<PolicyEntryStatus> entries)
    {
        if (entries.Count == 0)
        {
            screen.Line("no entries: nothing is isolated, or where it is, nothing is allowed");
            return;
        }

        var table = new TextTable("DIRECTION", "VERDICT", "IDENTITY", "PORT", "LABELS", "RULE");
        foreach (var entry in entries)
            table.Add(
                entry.Direction, new(entry.Verdict, entry.Verdict == "deny" ? Tone.Bad : Tone.Good), entry.Identity == 0 ? "any" : Words.Number(entry.Identity),
                entry.Port, string.Join(' ', entry.Labels), entry.Rule);
        screen.Table(table);
    }
}
