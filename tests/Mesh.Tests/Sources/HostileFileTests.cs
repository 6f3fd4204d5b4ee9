using System.Diagnostics;
using System.Text;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Mesh.Tests.Sources;

/// <summary>Files that must not hang, flood or kill the process.</summary>
public sealed class HostileFileTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    public void Load_DeepNesting_IsRefused(string opening)
    {
        var problem = Assert.Single(_directory.With("a.yaml", string.Concat(Enumerable.Repeat(opening, 100_000))).Load().Problems);

        Assert.Equal("nested deeper than 64 levels", problem.Reason);
    }

    [Fact]
    public void Load_AliasBomb_IsRefused()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var level = 1; level < 12; level++)
            bomb.Append($"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 10))}]\n");

        var problem = Assert.Single(_directory.With("a.yaml", bomb.ToString()).Load().Problems);

        Assert.Equal("aliases repeat more than 100,000 values in one document", problem.Reason);
    }

    [Fact]
    public void Load_AliasesThatNest_AreRefusedByDepth()
    {
        var tower = new StringBuilder("a0: &a0 [x]\n");
        for (var level = 1; level < 100; level++)
            tower.Append($"a{level}: &a{level} [*a{level - 1}]\n");

        Assert.Equal("nested deeper than 64 levels", Assert.Single(_directory.With("a.yaml", tower.ToString()).Load().Problems).Reason);
    }

    [Fact]
    public void Load_NotUtf8_NamesTheLine()
    {
        File.WriteAllBytes(_directory.Of("a.yaml"), [.. "a: b\nc: "u8, 0xff, 0xfe, (byte)'\n']);

        var problem = Assert.Single(_directory.Load().Problems);

        Assert.Equal(("is not UTF-8", "a.yaml document 1, line 2"), (problem.Reason, problem.Where));
    }

    [Fact]
    public async Task Load_Fifo_IsNamedAndNotOpened()
    {
        using (var mkfifo = Process.Start("mkfifo", _directory.Of("x.yaml")))
            await mkfifo.WaitForExitAsync();

        var problem = Assert.Single((await Task.Run(_directory.Load).WaitAsync(TimeSpan.FromSeconds(30))).Problems);

        Assert.Equal(("file x.yaml", "is a FIFO, expected a regular file"), (problem.Subject, problem.Reason));
    }

    [Fact]
    public void Load_FileTooBig_IsNotRead()
    {
        using (var file = File.Create(_directory.Of("a.yaml")))
            file.SetLength((64L << 20) + 1);

        Assert.Contains("more than 64 MiB", Assert.Single(_directory.Load().Problems).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SymlinkThatLeadsNowhere_IsNamed()
    {
        File.CreateSymbolicLink(_directory.Of("a.yaml"), "nowhere.yaml");

        Assert.Equal("is a symlink that leads nowhere", Assert.Single(_directory.Load().Problems).Reason);
    }

    [Fact]
    public void Load_SymlinkLoop_Ends()
    {
        File.CreateSymbolicLink(_directory.Of("loop"), ".");
        _directory.With("a.yaml", Samples.Service("a"));

        var objects = _directory.Load();

        Assert.Equal((1, 0), (objects.Services.Count, objects.Problems.Count));
    }

    [Fact]
    public void Load_ManyErrors_ListsTheFirstTwenty()
    {
        var ports = string.Join(", ", Enumerable.Range(1, 30).Select(at => $"{{name: p{at}, port: x}}"));

        var problems = _directory.With("a.yaml", $"{{apiVersion: v1, kind: Service, metadata: {{name: a}}, spec: {{ports: [{ports}]}}}}").Load().Problems;

        Assert.Equal(20, problems.Count(problem => problem.Subject == "Service default/a"));
        Assert.Equal(("file a.yaml", "has more than 20 errors"), (problems[20].Subject, problems[20].Reason));
        Assert.Equal(21, problems.Count);
    }

    [Fact]
    public void Load_BadSecret_NeverShowsItsValues()
    {
        var problems = _directory.With("a.yaml",
            "{apiVersion: v1, kind: Secret, type: kubernetes.io/tls, metadata: {name: a}, data: {tls.key: hunter2!}, stringData: {b: 918273, c: [918273]}}").Load().Problems;

        Assert.Equal(3, problems.Count);
        Assert.All(problems, problem => Assert.DoesNotMatch("hunter2|918273", problem.ToString()));
    }

    [Fact]
    public void Load_NoDirectory_ThrowsWithClusterPathAndReason()
    {
        using var source = new DirectorySource("west", _directory.Of("missing"), TimeProvider.System);

        var thrown = Assert.Throws<SourceException>(source.Load);

        Assert.Equal($"cluster west: directory {_directory.Of("missing")} cannot be read: there is no such directory", thrown.Message);
    }

    [Fact]
    public void Load_RootIsAFile_Throws()
    {
        using var source = new DirectorySource("west", _directory.With("a.yaml", "").Of("a.yaml"), TimeProvider.System);

        Assert.Contains("it is not a directory", Assert.Throws<SourceException>(source.Load).Message, StringComparison.Ordinal);
    }
}
