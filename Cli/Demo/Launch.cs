namespace ClusterMesh.Cli.Demo;

/// <summary>How a program is started: its file, and what stands before its own arguments.</summary>
internal sealed record Launch(string File, params IReadOnlyList<string> First)
{
    /// <summary>
    /// This program once more. Where it runs as `dotnet clustermesh.dll`, so do its children: the native launcher beside it finds
    /// the runtime only in the usual places.
    /// </summary>
    public static Launch Self { get; } = Path.GetFileName(Environment.ProcessPath) == "clustermesh"
        ? new(Environment.ProcessPath!)
        : new(Environment.ProcessPath!, typeof(Launch).Assembly.Location);

    public IEnumerable<string> With(params IEnumerable<string> arguments) => First.Concat(arguments);
}
