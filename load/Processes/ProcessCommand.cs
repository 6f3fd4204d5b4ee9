namespace ClusterMesh.Load.Processes;

/// <summary>What to start, and on which CPU.</summary>
internal sealed record ProcessCommand(string Name, IReadOnlyList<string> Arguments)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public int? Cpu { get; init; }

    public IReadOnlyList<string> Words => Cpu is { } cpu ? ["taskset", "-c", $"{cpu}", .. Arguments] : Arguments;

    public override string ToString() =>
        string.Join(' ', Environment.Select(e => $"{e.Key}={e.Value}").Concat(Words));
}
