using System.Diagnostics;
using System.Globalization;
using ClusterMesh.DatapathBench;
using ClusterMesh.DatapathBench.Measuring;

namespace ClusterMesh.Load.Tests;

public sealed class DatapathBenchTests
{
    [DatapathFact]
    public async Task QuickRun_OfAllBenches_PrintsEveryRatio()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var bench = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ClusterMesh.DatapathBench.dll"), "--quick"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (bench.StandardOutput.ReadToEndAsync(timeout.Token), bench.StandardError.ReadToEndAsync(timeout.Token));
        await bench.WaitForExitAsync(timeout.Token);
        Assert.True(bench.ExitCode == 0, await errors);

        var ratios = (await output).Split('\n').Select(line => line.Split(' ')).Where(words => words[0] == "ratio").ToDictionary(words => words[1], words => double.Parse(words[2], CultureInfo.InvariantCulture));
        Assert.All(ratios, ratio => Assert.InRange(ratio.Value, 0.0, 1000.0));
        string[] expected =
        [
            .. new[] { "requests", "bulk", "connections" }.SelectMany(kind => new[] { $"same-node-{kind}-vs-kernel-routing", $"cross-node-{kind}-vs-kernel-vxlan" }),
            .. new[] { "vs-1", "vs-nft-rules", "vs-nft-map" }.Select(other => $"services-{BenchSize.Quick.Services}-{other}"),
        ];
        Assert.Superset(expected.ToHashSet(), ratios.Keys.ToHashSet());
    }

    [Fact]
    public void Ratio_OfTwoSides_IsTheMedianOfTheRounds()
    {
        var rounds = new Rounds(new() { ["ours"] = [100, 50, 300], ["theirs"] = [100, 100, 100] });
        Assert.Equal(1.0, rounds.Ratio("ours", "theirs"));
        Assert.Equal(100, rounds.Median("ours"));
    }
}

/// <summary>Needs root, the programs and the tools: namespaces are made, and programs loaded into the kernel.</summary>
internal sealed class DatapathFactAttribute : FactAttribute
{
    public DatapathFactAttribute() => Skip = Requirements.Missing();
}
