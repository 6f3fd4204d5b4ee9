using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Tests.Sources;

/// <summary>All or nothing per file: a broken file keeps what it said before, until it is whole again.</summary>
public sealed class LastGoodTests : IDisposable
{
    private readonly TempDirectory _directory =
        new TempDirectory().With("a.yaml", Samples.Documents(Samples.Service("a", 80), Samples.Service("b", 80)));

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Watch_OneBadDocument_KeepsTheWholeFileUntilHealed()
    {
        using var watched = new WatchedDirectory(_directory);

        _directory.With("a.yaml", Samples.Documents(Samples.Service("a", 81), Samples.Service("b", 0)));
        await watched.SeesAsync(objects => objects.Problems.Count == 1, "the problem");
        Assert.Equal(
            new Problem(
                "west",
                "Service default/b",
                "spec.ports[0].port",
                "0 is not a number from 1 to 65535",
                "the file's last good version stays in force (2 objects)",
                "a.yaml document 2, line 15"),
            watched.Last.Problems[0]);
        Assert.Equal((80, 80), (watched.PortOf("a"), watched.PortOf("b")));

        _directory.With("a.yaml", Samples.Documents(Samples.Service("a", 81), Samples.Service("b", 82)));
        await watched.SeesAsync(objects => objects.Problems.Count == 0, "no problem");
        Assert.Equal((81, 82), (watched.PortOf("a"), watched.PortOf("b")));
    }

    [Fact]
    public async Task Watch_FileWrittenInPieces_NothingHalfIsEverSeen()
    {
        using var watched = new WatchedDirectory(_directory);
        var text = Samples.Documents(Samples.Service("a", 81), Samples.Service("b", 81), Samples.Service("c", 81));

        await using (var file = new FileStream(_directory.Of("a.yaml"), FileMode.Truncate))
        {
            foreach (var piece in System.Text.Encoding.UTF8.GetBytes(text).Chunk(40))
            {
                await file.WriteAsync(piece);
                await file.FlushAsync();
                _directory.With("other.yaml", Samples.Service("other", 1 + (int)file.Position));
            }
        }

        await watched.SeesServicesAsync("a", "b", "c", "other");
        await watched.SeesAsync(_ => watched.PortOf("c") == 81, "the whole file");
        Assert.All(watched.Published, objects => Assert.Empty(objects.Problems));
        Assert.All(watched.Published, objects => Assert.True(
            objects.Services.ContainsKey(new ObjectKey("default", "c")) || objects.Services[new ObjectKey("default", "b")].Ports[0].Port == 80));
    }

    [Fact]
    public async Task Watch_FileEmptied_HasNoObjects()
    {
        using var watched = new WatchedDirectory(_directory);

        _directory.With("a.yaml", "");

        await watched.SeesServicesAsync();
        Assert.Empty(watched.Last.Problems);
    }

    [Fact]
    public async Task Watch_SavedAgainAndAgain_NeverLosesTheObjects()
    {
        using var watched = new WatchedDirectory(_directory);

        for (var port = 1; port <= 500; port++)
            _directory.With("a.yaml", Samples.Documents(Samples.Service("a", port), Samples.Service("b", port)));

        await watched.SeesAsync(_ => watched.PortOf("b") == 500, "the last port");
        Assert.All(watched.Published, objects => Assert.Equal(2, objects.Services.Count));
    }

    [Fact]
    public async Task Watch_OneDocumentChanged_TheOthersStayTheSameReferences()
    {
        using var watched = new WatchedDirectory(_directory.With("i.yaml", Samples.Ingress("web")));
        var before = watched.First.Services[new ObjectKey("default", "a")];

        _directory.With("a.yaml", Samples.Documents("# moved down\n", Samples.Service("b", 81), Samples.Service("a", 80)));
        await watched.SeesAsync(_ => watched.PortOf("b") == 81, "the new port of b");

        Assert.Same(before, watched.Last.Services[new ObjectKey("default", "a")]);
        Assert.Same(watched.First.Ingresses, watched.Last.Ingresses);
    }

    [Fact]
    public async Task Watch_HealedToWhatItWas_KeepsTheSameReferences()
    {
        using var watched = new WatchedDirectory(_directory);
        var text = await File.ReadAllTextAsync(_directory.Of("a.yaml"));

        _directory.With("a.yaml", text.Replace("port: 80", "port: no", StringComparison.Ordinal));
        await watched.SeesAsync(objects => objects.Problems.Count == 2, "the problems");
        _directory.With("a.yaml", text);
        await watched.SeesAsync(objects => objects.Problems.Count == 0, "no problem");

        Assert.Same(watched.First.Services[new ObjectKey("default", "a")], watched.Last.Services[new ObjectKey("default", "a")]);
        Assert.Same(watched.First.Services[new ObjectKey("default", "b")], watched.Last.Services[new ObjectKey("default", "b")]);
    }

    [Fact]
    public async Task Watch_OneItemOfAListChanged_TheOthersStayTheSameReferences()
    {
        static string List(int port) => $$$"""
            apiVersion: v1
            kind: List
            items:
            - {apiVersion: v1, kind: Service, metadata: {name: x}, spec: {ports: [{port: {{{port}}}}]}}
            - {apiVersion: v1, kind: Service, metadata: {name: y}, spec: {ports: [{port: 80}]}}
            """;
        using var watched = new WatchedDirectory(_directory.With("list.yaml", List(80)));

        _directory.With("list.yaml", List(81));
        await watched.SeesAsync(_ => watched.PortOf("x") == 81, "the new port of x");

        Assert.Same(watched.First.Services[new ObjectKey("default", "y")], watched.Last.Services[new ObjectKey("default", "y")]);
    }

    [Fact]
    public async Task Watch_FileReplacedByFifo_KeepsTheLastGood()
    {
        using var watched = new WatchedDirectory(_directory);

        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", _directory.Of("fifo")))
            await mkfifo.WaitForExitAsync();
        File.Move(_directory.Of("fifo"), _directory.Of("a.yaml"), overwrite: true);

        await watched.SeesAsync(objects => objects.Problems.Count == 1, "the problem");
        Assert.Equal("the file's last good version stays in force (2 objects)", watched.Last.Problems[0].Instead);
        Assert.Equal(["a", "b"], watched.Services);
    }
}
