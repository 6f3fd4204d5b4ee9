using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Rendering;

/// <summary>The decisions for one request as a numbered story, then how it ends.</summary>
internal static class ExplanationView
{
    public static void Print(Screen screen, Explanation explanation)
    {
        var stage = explanation.Steps.Select(step => step.Stage.Length).DefaultIfEmpty().Max();
        foreach (var (index, step) in explanation.Steps.Index())
            screen.Line($"{index + 1,2}. {step.Stage.PadRight(stage)}  {step.Text}");
        screen.Line();
        screen.Line(Outcome(explanation), explanation.Outcome switch { "forward" => Tone.Good, "redirect" or "proxy" => Tone.Plain, _ => Tone.Bad });
        if (explanation.Outcome != "forward")
            return;
        foreach (var target in explanation.Targets)
            screen.Line($"  target   {TargetText.Of(target)}{(target.Canary is null ? "" : $" (canary {target.Canary})")}");
        if (explanation.Pools.Count > 0)
            screen.Line($"  clusters {Words.Pools(explanation.Pools)}");
        foreach (var backend in explanation.Backends.Where(backend => backend.Chosen))
            screen.Line($"  backend  {backend.Address} in {backend.Cluster}{(backend.Pod is null ? "" : $", pod {backend.Pod}")}");
    }

    private static string Outcome(Explanation explanation) => explanation.Outcome switch
    {
        "forward" => $"=> forwarded by {(explanation.Route is { } route ? $"route {route}" : "the kernel")} to {explanation.Target ?? "one of its targets"}"
            + (explanation.Cluster is null ? "" : $" in {explanation.Cluster}")
            + (explanation.Reason is null ? "" : $" ({explanation.Reason})"),
        "redirect" => $"=> redirected with {explanation.Status} to {explanation.Location}",
        "proxy" => "=> the node's proxy decides, and could not be asked",
        "drop" => $"=> not let through: {explanation.Reason}",
        _ => $"=> refused with {explanation.Status}{(explanation.Reason is null ? "" : $" ({explanation.Reason})")}",
    };
}
