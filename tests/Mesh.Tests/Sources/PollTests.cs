using ClusterMesh.Mesh.Sources;
using ClusterMesh.Mesh.Sources.Files;
using ClusterMesh.Mesh.Sources.Manifests;
using ClusterMesh.Tests;

namespace ClusterMesh.Mesh.Tests.Sources;

/// <summary>Where the kernel gives no events, looking every second does.</summary>
public sealed class PollTests : IDisposable
{
    private readonly TempDirectory _directory = new TempDirectory().With("a.yaml", Samples.Service("a"));

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Run_WithoutInotify_FindsChangesAndSaysSo()
    {
        var watched = new WatchedDirectories(null, "Too many open files");
        var assembly = new ClusterAssembly("west", _directory.Path, TimeProvider.System);
        ClusterObjects? last = null;
        var loop = new WatchLoop(
            new ManifestDirectory("west", _directory.Path, watched), watched, null, assembly, new PendingChanges(), TimeProvider.System,
            objects => Volatile.Write(ref last, objects));
        using var stop = new CancellationTokenSource();
        using var signal = new StopSignal(stop.Token);
        var running = Task.Factory.StartNew(() => loop.Run(signal), TaskCreationOptions.LongRunning);
        bool Sees(params string[] names) => Volatile.Read(ref last)?.Services.Keys.Select(key => key.Name).Order().SequenceEqual(names) == true;

        await Eventually.TrueAsync(() => Sees("a"), "the first state");
        _directory.With("b.yaml", Samples.Service("b"));
        await Eventually.TrueAsync(() => Sees("a", "b"), "the new file");
        File.Delete(_directory.Of("a.yaml"));
        await Eventually.TrueAsync(() => Sees("b"), "the file is gone");
        Assert.Equal(
            new Problem("west", $"directory {_directory.Path}", "", "is not watched: Too many open files", "its changes are seen only by looking every second"),
            Assert.Single(last!.Problems));

        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
