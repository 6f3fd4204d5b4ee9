using System.Net;
using ClusterMesh.Cli.Demo;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Tests.Demo;

public sealed class DemoRunTests
{
    [Fact]
    public void Report_OfRows_ShowsExpectedSeenVerdictAndWhy()
    {
        var table = DemoReport.Table(
        [
            new("first", [new("west 50% ±5", "west 49% of 1000", true), new("0 failed", "2 of 1000 failed", false)], "because of affinity"),
            new("second", [new("all", "all", true)], "so it is"),
        ]);
        Assert.Equal(
            """
            WHAT     EXPECTED      SEEN               VERDICT
            first    west 50% ±5   west 49% of 1000   ok
                     0 failed      2 of 1000 failed   OFF
              because of affinity
            second   all           all                ok
              so it is

            """,
            table.ToString());
    }

    [Fact]
    public async Task Demo_WithoutAGateway_SaysWhereItLooked()
    {
        var (code, _, errors) = await CommandLine.RunAsync("demo", "--bin", "/nowhere");
        Assert.Equal((1, "clustermesh: no /nowhere/clustermesh-ingress; build it with: make build, or say where it is: --bin DIR\n"), (code, errors));
    }

    [Fact]
    public async Task Demo_WhoseGatewayEndsAtOnce_EndsWhatItStartedAndSaysWhy()
    {
        using var manifests = ManifestCopy.Of(Path.Combine(AppContext.BaseDirectory, "config", "demo"), ["west", "east"]);
        manifests.EditAll("127.1.0.", "127.31.0.");
        manifests.EditAll("127.2.0.", "127.32.0.");
        var gateway = await ProgramAsync(manifests.Root, "echo no such flag >&2; exit 3");
        var (output, errors) = (new StringWriter(), new StringWriter());
        var code = await new DemoRun(new(Program.Path, gateway, manifests.Root), new Screen(output, errors), TimeProvider.System).RunAsync(keep: true, default);
        Assert.Equal(1, code);
        Assert.Equal("clustermesh: the gateway of west ended at once: no such flag\n", errors.ToString());
        Assert.False(Directory.Exists(output.ToString().Split("manifests in ")[1].Trim()));
        Assert.NotNull(Ports.FreeOn([IPAddress.Parse("127.31.0.1"), IPAddress.Parse("127.32.0.5")], [8080]));
    }

    private static async Task<string> ProgramAsync(string folder, string script)
    {
        var path = Path.Combine(folder, "clustermesh-ingress");
        await File.WriteAllTextAsync(path, $"#!/bin/sh\n{script}\n");
        using var chmod = System.Diagnostics.Process.Start("chmod", ["+x", path]);
        await chmod.WaitForExitAsync();
        return path;
    }
}
