using System.Net;
using ClusterMesh.Cli.Demo;
using ClusterMesh.Cli.Processes;
using ClusterMesh.Cli.Rendering;
using ClusterMesh.Tests;

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
    public void Demo_WithoutEtcd_SaysWhatToInstall()
    {
        var error = Assert.Throws<LaunchException>(() => Launch.OnPath("etcd", "etcd-server", "/nowhere:/nowhere/else"));
        Assert.Contains("apt-get install etcd-server", error.Message);
        Assert.Equal("/bin/sh", Launch.OnPath("sh", "dash", "/nowhere:/bin").File);
    }

    [Fact]
    public async Task Demo_WhoseGatewayEndsAtOnce_EndsWhatItStartedAndSaysWhy()
    {
        using var manifests = ManifestsAt("127.31.0.", "127.32.0.", out var port);
        var gateway = await ProgramAsync(manifests.Root, "clustermesh-ingress", "echo no such flag >&2; exit 3");
        var etcd = await ProgramAsync(manifests.Root, "etcd", "exec sleep 1000");
        var (output, errors) = (new StringWriter(), new StringWriter());
        var code = await new DemoRun(new(Launch.Self, new(gateway), new("/bin/false"), new("/bin/false"), new(etcd), manifests.Root), "that needs root", new Screen(output, errors), TimeProvider.System).RunAsync(keep: true, default);
        Assert.Equal(1, code);
        Assert.Matches("^clustermesh: the gateway of (west|east) ended: no such flag\n$", errors.ToString());
        Assert.False(Directory.Exists(output.ToString().Split("manifests in ")[1].Trim()));
        Assert.True(Ports.IsFreeOn([IPAddress.Parse("127.31.0.1"), IPAddress.Parse("127.32.0.5")], port));
    }

    [Theory]
    [InlineData("TERM", "127.33.0.", "127.34.0.")]
    [InlineData("HUP", "127.35.0.", "127.36.0.")]
    [InlineData("KILL", "127.37.0.", "127.38.0.")]
    public async Task Demo_OnASignal_LeavesNoProcessBehind(string signal, string west, string east)
    {
        using var manifests = ManifestsAt(west, east, out var port);
        await ProgramAsync(manifests.Root, "clustermesh-ingress", $"echo $$ >> {manifests.Root}/started; exec sleep 1000");
        await ProgramAsync(manifests.Root, "clustermesh-agent", "exit 1");
        await ProgramAsync(manifests.Root, "clustermesh-proxy", "exit 1");
        await ProgramAsync(manifests.Root, "etcd", $"echo $$ >> {manifests.Root}/started; exec sleep 1000");
        var start = Program.With("demo", "--bin", manifests.Root, "--manifests", manifests.Root);
        start.Environment["PATH"] = $"{manifests.Root}:{Environment.GetEnvironmentVariable("PATH")}";
        using var demo = System.Diagnostics.Process.Start(start)!;
        var copy = (await demo.StandardOutput.ReadLineAsync())!.Split("manifests in ")[1];
        await Eventually.TrueAsync(() => new[] { west, east }.All(net => !Ports.IsFreeOn([IPAddress.Parse($"{net}1")], port)), "the backends listen", 60);
        await Eventually.TrueAsync(() => File.Exists($"{manifests.Root}/started") && File.ReadLines($"{manifests.Root}/started").Count() == 4, "both gateways and both etcds run", 60);
        using (var kill = System.Diagnostics.Process.Start("kill", [$"-{signal}", $"{demo.Id}"]))
            await kill.WaitForExitAsync();
        if (signal == "KILL")
        {
            await demo.WaitForExitAsync();
            await Eventually.TrueAsync(() => File.ReadLines($"{manifests.Root}/started").All(id => !Directory.Exists($"/proc/{id}")), "all ends with the demo", 60);
            Directory.Delete(copy, recursive: true);
            return;
        }

        Assert.Contains("demo interrupted", await demo.StandardError.ReadToEndAsync());
        await demo.WaitForExitAsync();
        Assert.Equal(1, demo.ExitCode);
        Assert.False(Directory.Exists(copy));
        Assert.True(Ports.IsFreeOn([.. new[] { west, east }.SelectMany(net => new[] { "1", "2", "3", "4" }.Select(pod => IPAddress.Parse(net + pod)))], port));
        Assert.All(File.ReadLines($"{manifests.Root}/started"), id => Assert.False(Directory.Exists($"/proc/{id}")));
    }

    /// <summary>The demo's manifests with addresses that nobody beside this test uses.</summary>
    private static ManifestCopy ManifestsAt(string west, string east, out int port)
    {
        port = Ports.Free(1)[0];
        var manifests = ManifestCopy.Of(Path.Combine(AppContext.BaseDirectory, "config", "demo"), ["west", "east"]);
        manifests.EditAll("127.1.0.", west);
        manifests.EditAll("127.2.0.", east);
        manifests.EditAll("port: 8080,", $"port: {port},");
        return manifests;
    }

    private static async Task<string> ProgramAsync(string folder, string name, string script)
    {
        var path = Path.Combine(folder, name);
        await File.WriteAllTextAsync(path, $"#!/bin/sh\n{script}\n");
        using var chmod = System.Diagnostics.Process.Start("chmod", ["+x", path]);
        await chmod.WaitForExitAsync();
        return path;
    }
}
