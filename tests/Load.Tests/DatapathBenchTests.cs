using System.Diagnostics;
using System.Globalization;
using ClusterMesh.DatapathBench;
using ClusterMesh.DatapathBench.Measuring;

namespace ClusterMesh.Load.Tests;

public sealed class DatapathBenchTests
{
    [DatapathFact]
    public async Task QuickRun_OfAllPaths_PrintsEveryRatio()
    {
        var ratios = await RunAsync("paths", "services", "agent");
        string[] expected =
        [
            .. new[] { "requests", "bulk", "connections" }.SelectMany(kind => new[] { $"same-node-{kind}-vs-kernel-routing", $"cross-node-{kind}-vs-kernel-vxlan" }),
            .. new[] { "vs-1", "vs-nft-rules", "vs-nft-map" }.Select(other => $"services-{BenchSize.Quick.Services}-{other}"),
        ];
        Assert.Superset(expected.ToHashSet(), ratios.Keys.ToHashSet());
    }

    [RedirectFact]
    public async Task QuickRun_OfTheRedirect_PrintsEveryRatio()
    {
        var ratios = await RunAsync("redirect", "beside", "proxy");
        string[] expected =
        [
            .. new[] { "keep-alive", "closing" }.SelectMany(kind => new[] { "direct", "nginx" }.SelectMany(other => new[] { $"{kind}-redirected-vs-{other}", $"{kind}-redirected-vs-{other}-by-cpu" })),
            .. new[] { "requests", "connections", "service-connections" }.Select(kind => $"{kind}-with-proxy-vs-without"),
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

    private static async Task<Dictionary<string, double>> RunAsync(params string[] names)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        using var bench = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ClusterMesh.DatapathBench.dll"), "--quick", .. names]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (bench.StandardOutput.ReadToEndAsync(timeout.Token), bench.StandardError.ReadToEndAsync(timeout.Token));
        await bench.WaitForExitAsync(timeout.Token);
        Assert.True(bench.ExitCode == 0, await errors);

        var ratios = (await output).Split('\n').Select(line => line.Split(' ')).Where(words => words[0] == "ratio").ToDictionary(words => words[1], words => double.Parse(words[2], CultureInfo.InvariantCulture));
        Assert.All(ratios, ratio => Assert.InRange(ratio.Value, 0.0, 1000.0));
        return ratios;
    }
}

/// <summary>Needs root, the programs and the tools: namespaces are made, and programs loaded into the kernel.</summary>
internal sealed class DatapathFactAttribute : FactAttribute
{
    public DatapathFactAttribute() => Skip = KernelRing.Unless(Requirements.Missing());
}

/// <summary>The same, and what serves and asks by requests.</summary>
internal sealed class RedirectFactAttribute : FactAttribute
{
    public RedirectFactAttribute() => Skip = KernelRing.Unless(Requirements.MissingForRedirect());
}
