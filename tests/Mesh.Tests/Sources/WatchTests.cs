using ClusterMesh.Mesh.Sources;
using ClusterMesh.Tests;

namespace ClusterMesh.Mesh.Tests.Sources;

/// <summary>Changes as people and tools make them, in a real directory.</summary>
public sealed class WatchTests : IDisposable
{
    private readonly TempDirectory _directory = new TempDirectory().With("a.yaml", Samples.Service("a"));

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Watch_FileCreatedModifiedDeleted_Follows()
    {
        using var watched = new WatchedDirectory(_directory);

        _directory.With("b.yaml", Samples.Service("b", 80));
        await watched.SeesServicesAsync("a", "b");
        _directory.With("b.yaml", Samples.Service("b", 81));
        await watched.SeesAsync(_ => watched.PortOf("b") == 81, "the new port of b");
        File.Delete(_directory.Of("b.yaml"));
        await watched.SeesServicesAsync("a");
        Assert.Empty(watched.Last.Problems);
    }

    [Fact]
    public async Task Watch_RenameOver_Follows()
    {
        using var watched = new WatchedDirectory(_directory);

        _directory.Replace("a.yaml", Samples.Service("a", 81));

        await watched.SeesAsync(_ => watched.PortOf("a") == 81, "the new port of a");
    }

    [Fact]
    public async Task Watch_FileRenamed_IsNeverSeenTwiceNorMissing()
    {
        using var watched = new WatchedDirectory(_directory);

        File.Move(_directory.Of("a.yaml"), _directory.Of("z.yaml"));
        _directory.With("b.yaml", Samples.Service("b"));

        await watched.SeesServicesAsync("a", "b");
        await watched.SeesAsync(objects => objects.Files == 2, "two files");
        Assert.All(watched.Published, objects => Assert.Empty(objects.Problems));
        Assert.All(watched.Published, objects => Assert.Contains(objects.Services.Keys, key => key.Name == "a"));
    }

    [Fact]
    public async Task Watch_EditorMovesTheOldFileAside_KeepsItUntilTheNewOneIsClosed()
    {
        using var watched = new WatchedDirectory(_directory);

        File.Move(_directory.Of("a.yaml"), _directory.Of("a.yaml~"));
        using (var file = new StreamWriter(_directory.Of("a.yaml")))
        {
            // Something else changes meanwhile, and is seen: the file that is being written is not.
            _directory.With("b.yaml", Samples.Service("b"));
            await watched.SeesServicesAsync("a", "b");
            await file.WriteAsync(Samples.Service("a", 81));
        }

        await watched.SeesAsync(_ => watched.PortOf("a") == 81, "the new port of a");
        Assert.All(watched.Published, objects => Assert.Contains(objects.Services.Keys, key => key.Name == "a"));
    }

    [Fact]
    public async Task Watch_Subdirectory_IsWatchedFromItsCreation()
    {
        using var watched = new WatchedDirectory(_directory);

        _directory.With("sub/deep/b.yaml", Samples.Service("b", 80));
        await watched.SeesServicesAsync("a", "b");
        _directory.With("sub/deep/b.yaml", Samples.Service("b", 81));
        await watched.SeesAsync(_ => watched.PortOf("b") == 81, "the new port of b");
        Directory.Move(_directory.Of("sub"), _directory.Of("other"));
        _directory.With("other/deep/c.yaml", Samples.Service("c"));
        await watched.SeesServicesAsync("a", "b", "c");
        Directory.Delete(_directory.Of("other"), recursive: true);
        await watched.SeesServicesAsync("a");
    }

    [Fact]
    public async Task Watch_ConfigMapSwap_FollowsTheLink()
    {
        File.Delete(_directory.Of("a.yaml"));
        await MountAsync("..v1", "b", Samples.Service("b", 80));
        File.CreateSymbolicLink(_directory.Of("b.yaml"), "..data/b.yaml");
        using var watched = new WatchedDirectory(_directory);
        Assert.Equal(80, watched.PortOf("b"));

        await MountAsync("..v2", "b", Samples.Service("b", 81));
        await watched.SeesAsync(_ => watched.PortOf("b") == 81, "the new port of b");
        await MountAsync("..v3", "b", Samples.Service("b", 82));
        await watched.SeesAsync(_ => watched.PortOf("b") == 82, "the newest port of b");
        Assert.All(watched.Published, objects => Assert.Empty(objects.Problems));
    }

    [Fact]
    public async Task Watch_LinkToDirectorySwapped_FollowsTheLink()
    {
        _directory.With(".v1/b.yaml", Samples.Service("b", 80)).With(".v2/b.yaml", Samples.Service("b", 81));
        Directory.CreateSymbolicLink(_directory.Of("current"), ".v1");
        using var watched = new WatchedDirectory(_directory);

        Directory.CreateSymbolicLink(_directory.Of("next"), ".v2");
        await _directory.RenameAsync("next", "current");

        await watched.SeesAsync(_ => watched.PortOf("b") == 81, "the new port of b");
    }

    [Fact]
    public async Task Watch_LinkCreated_IsReadWithoutAClose()
    {
        using var watched = new WatchedDirectory(_directory.With("b.txt", Samples.Service("b")));

        File.CreateSymbolicLink(_directory.Of("b.yaml"), "b.txt");

        await watched.SeesServicesAsync("a", "b");
    }

    [Fact]
    public async Task Watch_WriterHoldsTheFileOpen_IsReadWhenItFallsSilent()
    {
        using var watched = new WatchedDirectory(_directory);

        using var file = new StreamWriter(_directory.Of("b.yaml"));
        await file.WriteAsync(Samples.Service("b"));
        await file.FlushAsync();

        await watched.SeesServicesAsync("a", "b");
    }

    [Fact]
    public async Task Watch_RootTakenAway_KeepsTheLastStateAndRecovers()
    {
        using var watched = new WatchedDirectory(_directory);

        Directory.Delete(_directory.Path, recursive: true);
        await watched.SeesAsync(objects => objects.Problems.Count == 1, "the problem");
        Assert.Equal(
            new Problem("west", $"directory {_directory.Path}", "", "cannot be read: there is no such directory", "the last good state stays in force (1 object)"),
            watched.Last.Problems[0]);
        Assert.Equal(["a"], watched.Services);

        _directory.With("b.yaml", Samples.Service("b"));
        await watched.SeesServicesAsync("b");
        Assert.Empty(watched.Last.Problems);
    }

    [Fact]
    public async Task Watch_AfterALoadThatFailed_WaitsForTheDirectory()
    {
        using var source = new DirectorySource("west", _directory.Of("later"), TimeProvider.System);
        Assert.Throws<SourceException>(source.Load);
        using var stop = new CancellationTokenSource();
        ClusterObjects? last = null;
        var watching = source.WatchAsync(objects => Volatile.Write(ref last, objects), stop.Token);

        await Eventually.TrueAsync(() => Volatile.Read(ref last)?.Problems.Count == 1, "the problem is published");
        _directory.With("later/b.yaml", Samples.Service("b"));
        await Eventually.TrueAsync(() => Volatile.Read(ref last) is { Problems.Count: 0, Services.Count: 1 }, "it recovers");

        await stop.CancelAsync();
        await watching.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Watch_ChangeBetweenLoadAndWatch_IsSeen()
    {
        using var source = new DirectorySource("west", _directory.Path, TimeProvider.System);
        source.Load();
        _directory.With("b.yaml", Samples.Service("b"));
        ClusterObjects? last = null;

        _ = source.WatchAsync(objects => Volatile.Write(ref last, objects), CancellationToken.None);

        await Eventually.TrueAsync(() => Volatile.Read(ref last)?.Services.Count == 2, "both services");
    }

    [Fact]
    public async Task Watch_PublishThrows_TheTaskSaysSo()
    {
        using var source = new DirectorySource("west", _directory.Path, TimeProvider.System);
        source.Load();
        var watching = source.WatchAsync(_ => throw new InvalidOperationException("no"), CancellationToken.None);

        _directory.With("b.yaml", Samples.Service("b"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => watching.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private async Task MountAsync(string version, string name, string text)
    {
        _directory.With($"{version}/{name}.yaml", text);
        File.CreateSymbolicLink(_directory.Of("..data_tmp"), version);
        await _directory.RenameAsync("..data_tmp", "..data");
    }
}
