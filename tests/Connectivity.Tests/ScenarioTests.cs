namespace ClusterMesh.Connectivity.Tests;

/// <summary>
/// Cilium's connectivity list (cilium.md 8) and the seeds of this project, as text files played in one lab of two clusters. A new file is
/// a new test.
/// </summary>
public sealed class ScenarioTests(TunnelledClusters clusters) : IClassFixture<TunnelledClusters>
{
    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(TwoClusters.Scenarios(), "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    [KernelTheory]
    [MemberData(nameof(Files))]
    public async Task Scenario_Played_EverythingIsAsWritten(string name)
    {
        await using var scenario = new Scenario(clusters.Lab);
        await scenario.PlayAsync(TwoClusters.Scenario(name));
    }
}
