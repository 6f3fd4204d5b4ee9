using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Rendering;

/// <summary>The verdict, then a line for each policy that was asked.</summary>
internal static class PolicyTraceView
{
    public static void Print(Screen screen, PolicyTraceStatus trace)
    {
        screen.Line($"{trace.Verdict}: {Text(trace.From)} to {Text(trace.To)}, port {trace.Port}", ToneOf(trace.Verdict));
        if (trace.Steps.Count > 0)
        {
            var table = new TextTable("DIRECTION", "CONNECTION", "RULE", "REASON", "REQUEST", "HTTP RULE");
            foreach (var step in trace.Steps)
            {
                table.Add(step.Direction, new(step.Verdict, ToneOf(step.Verdict)), step.Rule, step.Reason, new(step.Http ?? "-", ToneOf(step.Http ?? "")), step.HttpRule);
                foreach (var rule in step.Tried) table.Note($"does not match: {rule}");
                foreach (var edit in step.Edits) table.Note($"header: {edit}");
            }

            screen.Table(table);
        }

        foreach (var note in trace.Notes) screen.Line($"note: {note}");
    }

    private static string Text(PolicyTraceEnd end) => $"{end.Name} (identity {end.Identity})";

    private static Tone ToneOf(string verdict) => verdict switch { "allowed" => Tone.Good, "denied" or "refused" => Tone.Bad, _ => Tone.Plain };
}
