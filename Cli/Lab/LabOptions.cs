using ClusterMesh.Cli.Lab.Nodes;

namespace ClusterMesh.Cli.Lab;

/// <summary>How a lab is held.</summary>
/// <param name="Say">Told of each step, in a line.</param>
/// <param name="Supervised">This process does nothing else, and may be told to end.</param>
internal sealed record LabOptions(string Name, LabPrograms Programs, Action<string> Say, bool Supervised = false)
{
    public const string DefaultName = "lab";

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
