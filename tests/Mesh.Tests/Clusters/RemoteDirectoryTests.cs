using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Clusters.Files;
using ClusterMesh.Mesh.Tests.Sources;
using ClusterMesh.Tests;

namespace ClusterMesh.Mesh.Tests.Clusters;

/// <summary>The directory of client files, as people and tools change it.</summary>
public sealed class RemoteDirectoryTests : IAsyncLifetime
{
    private const string File1 = "endpoints: [\"http://127.0.0.1:1\"]\n", File2 = "endpoints: [\"http://127.0.0.1:2\"]\n";

    private readonly TempDirectory _files = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<RemoteFiles> _told = [];
    private RemoteDirectory? _directory;
    private Task _watching = Task.CompletedTask;

    private RemoteFiles Last
    {
        get
        {
            lock (_told) return _told[^1];
        }
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _directory?.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task Watch_FilesWithAndWithoutExtension_AreNamedAfterTheCluster()
    {
        _files.With("east", File1).With("north.yaml", File1).With("south.yml", File2);
        // What lies beside them.
        _files.With("east.crt", "x").With("east.key", "x").With("ca.pem", "x").With(".hidden", "x").With("east.yaml.new", "x").With("east.yaml~", "x").With("sub/west.yaml", File1);

        await WatchAsync("east", "north", "south");

        Assert.Empty(Last.Problems);
        Assert.Equal(2, Last.Remotes["south"].Endpoints[0].Port);
    }

    [Fact]
    public async Task Watch_AddedChangedRemoved_IsTold()
    {
        await WatchAsync();

        _files.With("east.yaml", File1);
        await HasAsync("east");
        _files.Replace("east.yaml", File2);
        await Eventually.TrueAsync(() => Last.Remotes["east"].Endpoints[0].Port == 2, "the new port");
        _files.With("east.yaml", File1);
        await Eventually.TrueAsync(() => Last.Remotes["east"].Endpoints[0].Port == 1, "the old port");
        File.Delete(_files.Of("east.yaml"));
        await HasAsync();
    }

    [Fact]
    public async Task Watch_WrittenInPieces_IsReadWhenItIsClosed()
    {
        await WatchAsync();

        await using (var file = new StreamWriter(_files.Of("east")))
        {
            await file.WriteAsync("endpoints: [\"http://127.0.0.1:1\"");
            await file.FlushAsync();
            _files.With("north", File1);
            await HasAsync("north");
            await file.WriteAsync(", \"http://127.0.0.1:2\"]");
        }

        await HasAsync("east", "north");
        lock (_told) Assert.All(_told, files => Assert.True(!files.Remotes.TryGetValue("east", out var east) || east.Endpoints.Length == 2));
    }

    [Fact]
    public async Task Watch_BadFile_IsAProblemAndTheLastGoodOneStays()
    {
        _files.With("east", File1).With("north", "endpoints: []");
        await WatchAsync("east");
        Assert.Contains("endpoints is not a list with at least one URL; north is not connected", Assert.Single(Last.Problems).ToString(), StringComparison.Ordinal);

        _files.With("east", "endpoints: [nowhere]").With("north", File1);
        await HasAsync("east", "north");
        await Eventually.TrueAsync(() => Last.Problems.Length == 1, "the other problem");

        Assert.Contains("\"nowhere\" is not of the form https://host:port; the last good version stays in force", Last.Problems[0].ToString(), StringComparison.Ordinal);
        Assert.Equal(1, Last.Remotes["east"].Endpoints[0].Port);
    }

    [Theory]
    [InlineData("west", "west is our own name; it is not connected as a remote")]
    [InlineData("East", "a cluster's name consists of lower-case letters, digits and '-', and begins and ends with a letter or digit; no such remote is connected")]
    [InlineData("default", "\"default\" is what Cilium calls a cluster outside any mesh; no such remote is connected")]
    [InlineData("a23456789012345678901234567890123", "a cluster's name has at most 32 characters, not 33; no such remote is connected")]
    [InlineData("east-", "begins and ends with a letter or digit; no such remote is connected")]
    public async Task Watch_NameThatCannotBe_IsAProblem(string name, string problem)
    {
        _files.With("north", File1).With(name, File1);

        await WatchAsync("north");

        Assert.Contains(problem, Assert.Single(Last.Problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_TwoFilesForOneCluster_UsesOneAndSaysSo()
    {
        _files.With("east", File1).With("east.yaml", File2);

        await WatchAsync("east");

        Assert.Equal(1, Last.Remotes["east"].Endpoints[0].Port);
        Assert.Contains("another file is there for east", Assert.Single(Last.Problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_EditorMovesTheFileAside_NeverLosesIt()
    {
        _files.With("east", File1);
        await WatchAsync("east");

        File.Move(_files.Of("east"), _files.Of("east~.bak"));
        _files.With("east", File2);

        await Eventually.TrueAsync(() => Last.Remotes.TryGetValue("east", out var east) && east.Endpoints[0].Port == 2, "the new port");
        lock (_told) Assert.All(_told, files => Assert.Contains("east", files.Remotes.Keys));
    }

    [Fact]
    public async Task Watch_MountedSecretSwapped_FollowsTheLink()
    {
        _files.With("..v1/east", File1).With("..v2/east", File2);
        Directory.CreateSymbolicLink(_files.Of("..data"), "..v1");
        File.CreateSymbolicLink(_files.Of("east"), "..data/east");
        await WatchAsync("east");

        Directory.CreateSymbolicLink(_files.Of("..data_tmp"), "..v2");
        await _files.RenameAsync("..data_tmp", "..data");

        await Eventually.TrueAsync(() => Last.Remotes["east"].Endpoints[0].Port == 2, "the new port");
    }

    [Fact]
    public async Task Watch_DirectoryTakenAway_KeepsWhatIsKnownAndRecovers()
    {
        _files.With("east", File1);
        await WatchAsync("east");

        Directory.Delete(_files.Path, recursive: true);
        await Eventually.TrueAsync(() => Last.Problems.Any(problem => problem.Instead == "the remotes that are known stay"), "the problem");
        Assert.Equal(["east"], Last.Remotes.Keys);
        _files.With("north", File1);

        await HasAsync("north");
        Assert.Empty(Last.Problems);
    }

    private async Task WatchAsync(params string[] expected)
    {
        _directory = new("west", _files.Path, TimeProvider.System);
        _watching = _directory.WatchAsync(files =>
        {
            lock (_told) _told.Add(files);
        }, _stop.Token);
        await Eventually.TrueAsync(() =>
        {
            lock (_told) return _told.Count > 0;
        }, "the first look");
        await HasAsync(expected);
    }

    private Task HasAsync(params string[] names) => Eventually.TrueAsync(() => Last.Remotes.Keys.SequenceEqual(names), $"remotes are {string.Join(", ", names)}");
}
