using System.Diagnostics;
using ClusterMesh.Cli.Lab;
using ClusterMesh.Cli.Lab.Lifetime;
using ClusterMesh.Cli.Lab.Network;

namespace ClusterMesh.Lab.Tests.Lifetime;

public sealed class WatcherTests
{
    private readonly LabPaths _paths = new($"tw{Environment.ProcessId}");

    [RootFact]
    public async Task Watcher_WhenItsHolderEnds_RemovesNamespacesAndWhatRunsThere()
    {
        var netns = _paths.Netns("some.where");
        var watcher = await Watcher.StartAsync(_paths, default);
        File.WriteAllText(_paths.State, "{}");
        await Tool.IpAsync(null, $"netns add {netns.Name}");
        using var program = Process.Start(new ProcessStartInfo("nsenter", [$"--net={netns.Path}", "sleep", "infinity"]))!;
        await Eventually.TrueAsync(async () => (await Tool.RunAsync("ip", ["netns", "pids", netns.Name])).Output.Length > 0, "the program is in its namespace");
        await watcher.DisposeAsync();
        Assert.False(File.Exists(netns.Path));
        Assert.False(Directory.Exists(_paths.Directory));
        await Eventually.TrueAsync(() => program.HasExited, "the program has ended");
    }

    [RootFact]
    public async Task Watcher_ThatBegins_RemovesWhatAnotherLeftBehind()
    {
        var netns = _paths.Netns("left.over");
        await Tool.IpAsync(null, $"netns add {netns.Name}");
        Directory.CreateDirectory(_paths.Directory);
        File.WriteAllText(_paths.State, "{}");
        await using var watcher = await Watcher.StartAsync(_paths, default);
        Assert.False(File.Exists(netns.Path));
        Assert.False(File.Exists(_paths.State));
        Assert.True(Directory.Exists(_paths.Directory));
    }

    [Fact]
    public void Process_ThatHasEnded_IsNotTheOneThatHasItsNumberNow()
    {
        var own = ProcessId.Of(Environment.ProcessId)!;
        Assert.True(own.IsAlive);
        Assert.False((own with { Start = own.Start - 1 }).IsAlive);
        Assert.Null(ProcessId.Of(0));
    }
}
