using System.Text.Json.Nodes;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Inspect;

/// <summary>One line per step, and under a step that is not well what to do.</summary>
internal static class InspectionView
{
    private static readonly int s_width = InspectSteps.All.Max(name => name.Length);

    public static void Print(Screen screen, Inspection inspection)
    {
        screen.Heading($"remote {inspection.Remote}");
        foreach (var step in inspection.Steps)
        {
            var where = step.Endpoint is null ? "" : $"{step.Endpoint}: ";
            screen.Line($"{Sign(step.Verdict)} {step.Name.PadRight(s_width)}  {where}{step.Seen}", ToneOf(step.Verdict));
            if (step.Mend is not null)
                screen.Line($"  {"".PadRight(s_width)}  to mend: {step.Mend}");
        }
    }

    public static JsonObject Json(Inspection inspection) => new()
    {
        ["remote"] = inspection.Remote,
        ["file"] = inspection.Path,
        ["ok"] = inspection.Holds,
        ["steps"] = new JsonArray([.. inspection.Steps.Select(Json)]),
    };

    private static JsonNode Json(InspectStep step)
    {
        var json = new JsonObject { ["step"] = step.Name, ["verdict"] = Text(step.Verdict), ["seen"] = step.Seen };
        if (step.Endpoint is not null) json["endpoint"] = step.Endpoint;
        if (step.Mend is not null) json["mend"] = step.Mend;
        return json;
    }

    private static string Text(Verdict verdict) => verdict switch
    {
        Verdict.Ok => "ok",
        Verdict.Warning => "warning",
        Verdict.Failed => "failed",
        _ => "not-tried",
    };

    private static char Sign(Verdict verdict) => verdict switch
    {
        Verdict.Ok => '✓',
        Verdict.Warning => '!',
        Verdict.Failed => '✗',
        _ => '-',
    };

    private static Tone ToneOf(Verdict verdict) => verdict switch
    {
        Verdict.Ok => Tone.Plain,
        Verdict.Warning => Tone.Warn,
        Verdict.Failed => Tone.Bad,
        _ => Tone.Dim,
    };
}
