namespace ClusterMesh.Cli.Processes;

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

    /// <param name="package">Debian's package that has it.</param>
    /// <param name="path">Directories; null = $PATH.</param>
    /// <exception cref="LaunchException">None of them has it.</exception>
    public static Launch OnPath(string program, string package, string? path = null) =>
        (path ?? Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, program)).FirstOrDefault(System.IO.File.Exists) is { } file
            ? new(file)
            : throw new LaunchException($"no {program} on PATH; install it, on Debian with: apt-get install {package}");

    public IReadOnlyList<string> All => [File, .. First];

    public IEnumerable<string> With(params IEnumerable<string> arguments) => First.Concat(arguments);
}
