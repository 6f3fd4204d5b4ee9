namespace ClusterMesh.Cli.Inspect;

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">One of <see cref="InspectSteps"/>.</param>
/// <param name="Seen">What was there.</param>
/// <param name="Mend">What to do about it; null when nothing is wrong.</param>
/// <param name="Endpoint">Where each endpoint is looked at by itself.</param>
internal sealed record InspectStep(string Name, Verdict Verdict, string Seen, string? Mend = null, string? Endpoint = null)
{
    public static InspectStep Ok(string name, string seen) => new(name, Verdict.Ok, seen);

    public static InspectStep Warning(string name, string seen, string mend) => new(name, Verdict.Warning, seen, mend);

    public static InspectStep Failed(string name, string seen, string mend) => new(name, Verdict.Failed, seen, mend);
}

internal enum Verdict
{
    Ok,

    /// <summary>It works, but somebody should look.</summary>
    Warning,

    Failed,

    /// <summary>A step before it failed.</summary>
    NotTried,
}
