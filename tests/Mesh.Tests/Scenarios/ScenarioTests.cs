using System.Runtime.CompilerServices;

namespace ClusterMesh.Mesh.Tests.Scenarios;

/// <summary>
/// Cilium's own list (cilium.md 8), as text files with manifests in and tables out: each file is played with real etcds. A new file
/// is a new test.
/// </summary>
public sealed class ScenarioTests
{
    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Here(), "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Scenario_Played_EveryTableIsAsWritten(string name)
    {
        await using var scenario = new Scenario();
        await scenario.PlayAsync(await File.ReadAllTextAsync(Path.Combine(Here(), name + ".txt")));
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
