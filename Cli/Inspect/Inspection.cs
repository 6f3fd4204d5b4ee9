using System.Collections.Immutable;

namespace ClusterMesh.Cli.Inspect;

/// <summary>What came of looking at a remote.</summary>
/// <param name="Path">The file that tells how to reach it.</param>
internal sealed record Inspection(string Remote, string Path, ImmutableArray<InspectStep> Steps)
{
    public bool Holds => Steps.All(step => step.Verdict != Verdict.Failed);

    /// <summary>With the steps that were not come to.</summary>
    public static Inspection Of(string remote, string path, IReadOnlyCollection<InspectStep> tried) => new(
        remote, path,
        [.. tried, .. InspectSteps.All.Except(tried.Select(step => step.Name)).Select(name => new InspectStep(name, Verdict.NotTried, "not tried"))]);
}
