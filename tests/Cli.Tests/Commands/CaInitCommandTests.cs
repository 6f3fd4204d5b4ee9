using ClusterMesh.Cli.Bootstrap;

namespace ClusterMesh.Cli.Tests.Commands;

public sealed class CaInitCommandTests : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryDirectory _root = new();

    private ClusterHome West => new(_root.File("west"));

    [Fact]
    public async Task Init_OfANewDirectory_MakesACaWithAKeyForItsOwnerOnly()
    {
        var output = await TestCluster.Run("ca", "init", West.Directory);
        using var authority = HomeAuthority.Load(West, TimeProvider.System);
        Assert.Equal("west mesh CA", authority.Name);
        Assert.InRange((authority.NotAfter - TimeProvider.System.GetUtcNow()).TotalDays, 3649, 3650);
        Assert.Equal(Owner, File.GetUnixFileMode(West.Key("ca")));
        Assert.Equal(ClusterHome.Readable, File.GetUnixFileMode(West.CaCertificate));
        Assert.StartsWith($"{West.CaCertificate} issued: CN west mesh CA, until ", output);
    }

    [Fact]
    public async Task Init_WithNameAndDays_TakesThem()
    {
        await TestCluster.Run("ca", "init", West.Directory, "--name", "one mesh", "--days", "10");
        using var authority = HomeAuthority.Load(West, TimeProvider.System);
        Assert.Equal("one mesh", authority.Name);
        Assert.InRange((authority.NotAfter - TimeProvider.System.GetUtcNow()).TotalDays, 9, 10);
    }

    [Fact]
    public async Task Init_WhereACaIs_KeepsItUnlessForced()
    {
        await TestCluster.Run("ca", "init", West.Directory);
        var before = File.ReadAllText(West.Key("ca"));
        var (code, output, errors) = await CommandLine.RunAsync("ca", "init", West.Directory);
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith($"clustermesh: {West.CaCertificate} exists and is kept", errors);
        Assert.Equal(before, File.ReadAllText(West.Key("ca")));

        await TestCluster.Run("ca", "init", West.Directory, "--force");
        Assert.NotEqual(before, File.ReadAllText(West.Key("ca")));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("36501")]
    [InlineData("ten")]
    public async Task Init_ForDaysThatAreNone_IsAUsageErrorAndMakesNothing(string days)
    {
        var (code, _, _) = await CommandLine.RunAsync("ca", "init", West.Directory, "--days", days);
        Assert.Equal(2, code);
        Assert.False(Directory.Exists(West.Directory));
    }

    [Fact]
    public async Task Init_WhereNothingCanBeWritten_SaysWhy()
    {
        File.WriteAllText(West.Directory, "a file");
        var (code, _, errors) = await CommandLine.RunAsync("ca", "init", West.Directory);
        Assert.Equal(1, code);
        Assert.Contains(West.Directory, Assert.Single(errors.TrimEnd().Split('\n')));
    }

    public void Dispose() => _root.Dispose();
}
