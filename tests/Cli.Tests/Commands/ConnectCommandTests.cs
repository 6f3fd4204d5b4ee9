using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Cli.Tests.Commands;

public sealed class ConnectCommandTests(TwoClusters clusters) : IClassFixture<TwoClusters>
{
    private TestCluster West => clusters.West;

    private TestCluster East => clusters.East;

    private string EastInWest => Path.Combine(West.Home.Remotes, "east.yaml");

    private string WestInEast => Path.Combine(East.Home.Remotes, "west.yaml");

    [Fact]
    public async Task Connect_OfTwoClusters_LetsEachReadTheOther()
    {
        await ConnectAsync();
        await using var inWest = EtcdClient.Open(EtcdConfigFile.Read(EastInWest), TimeProvider.System);
        Assert.NotNull((await inWest.GetAsync("cilium/cluster-config/east")).Item);
        await using var inEast = EtcdClient.Open(EtcdConfigFile.Read(WestInEast), TimeProvider.System);
        Assert.NotNull((await inEast.GetAsync("cilium/cluster-config/west")).Item);
        Assert.Equal(EtcdError.PermissionDenied, (await Assert.ThrowsAsync<EtcdException>(() => inEast.PutAsync("cilium/state/x", default))).Error);
    }

    [Fact]
    public void Connect_TheFirstTime_SaysWhatItMade()
    {
        Assert.Contains("etcd of west: user remote-east with role remote made\n", clusters.Connected);
        Assert.Contains("etcd of east: user remote-west with role remote made\n", clusters.Connected);
        Assert.Contains($"{West.Home.Remotes}/east.crt issued: CN remote-west, until ", clusters.Connected);
        Assert.Contains($"{EastInWest} written: west reads east at {East.Endpoint}\n", clusters.Connected);
    }

    [Fact]
    public async Task Connect_WritesCertificatesOfTheOtherCaAndNothingSecretForOthers()
    {
        await ConnectAsync();
        Assert.Equal($"endpoints:\n- {East.Endpoint}\ntrusted-ca-file: east.ca.crt\ncert-file: east.crt\nkey-file: east.key\n", File.ReadAllText(EastInWest));
        Assert.Equal(File.ReadAllText(East.Home.CaCertificate), File.ReadAllText(Path.Combine(West.Home.Remotes, "east.ca.crt")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(West.Home.Remotes, "east.key")));
        Assert.Equal(["east.ca.crt", "east.crt", "east.key", "east.yaml"], Directory.GetFiles(West.Home.Remotes).Select(Path.GetFileName).Order());
        Assert.True(CertificateFile.Read(Path.Combine(West.Home.Remotes, "east.crt"))!.IsSignedBy(File.ReadAllText(East.Home.CaCertificate)));
    }

    [Fact]
    public async Task Connect_Again_TouchesNothingUntilRenewalIsAskedFor()
    {
        await ConnectAsync();
        var (before, written) = (Certificate(), File.GetLastWriteTimeUtc(EastInWest));
        var output = await ConnectAsync();
        Assert.DoesNotContain("issued", output);
        Assert.Contains($"{EastInWest} was there: west reads east", output);
        Assert.Equal(before, Certificate());
        Assert.Equal(written, File.GetLastWriteTimeUtc(EastInWest));

        Assert.Contains("east.crt renewed: CN remote-west", await ConnectAsync("--renew"));
        Assert.NotEqual(before, Certificate());
    }

    [Fact]
    public async Task Connect_WhenACertificateEndsSoon_RenewsThatOne()
    {
        await ConnectAsync();
        using (var authority = HomeAuthority.Load(East.Home, TimeProvider.System))
        {
            var short29 = authority.Issue(new("remote-west", TimeSpan.FromDays(29)), TimeProvider.System);
            Mesh.Pki.PemFiles.Write(West.Home.Remotes, "east", short29.CertificatePem, short29.KeyPem);
        }

        var output = await ConnectAsync();
        Assert.Contains($"{West.Home.Remotes}/east.crt renewed", output);
        Assert.DoesNotContain("west.crt renewed", output);
    }

    [Fact]
    public async Task Disconnect_OfTwoClusters_RemovesFilesAndUsersAndMayBeRepeated()
    {
        await ConnectAsync();
        await using var reader = EtcdClient.Open(EtcdConfigFile.Read(EastInWest), TimeProvider.System);
        await reader.GetAsync("cilium/.heartbeat");

        var output = await TestCluster.Run("disconnect", West.Home.Directory, East.Home.Directory);
        Assert.Contains($"{EastInWest} and its certificates removed\n", output);
        Assert.Contains("etcd of east: user remote-west removed\n", output);
        Assert.Empty(Directory.GetFiles(West.Home.Remotes));
        Assert.Empty(Directory.GetFiles(East.Home.Remotes));
        Assert.Equal(EtcdError.PermissionDenied, (await Assert.ThrowsAsync<EtcdException>(() => reader.GetAsync("cilium/.heartbeat"))).Error);

        output = await TestCluster.Run("disconnect", West.Home.Directory, East.Home.Directory);
        Assert.Contains($"{EastInWest} was not there\n", output);
        Assert.Contains("user remote-west was not there\n", output);
    }

    [Theory]
    [InlineData("west", 3, "the same name, west")]
    [InlineData("north", 1, "the same id, 1")]
    public async Task Connect_OfEqualNamesOrIds_IsRefused(string name, int id, string expected)
    {
        using var root = new TemporaryDirectory();
        var other = new ClusterHome(root.Path);
        new ClusterSettings(name, id, [new(East.Endpoint)]).Write(other);
        var (code, _, errors) = await CommandLine.RunAsync("connect", West.Home.Directory, other.Directory);
        Assert.Equal(1, code);
        Assert.Contains(expected, errors);
        Assert.False(Directory.Exists(other.Remotes));
    }

    [Fact]
    public async Task Connect_WhenOneEtcdIsDown_ChangesNothingOnEitherSide()
    {
        await using var north = await TestCluster.StartAsync("north", 3);
        north.Etcd.Kill();
        var (code, output, errors) = await CommandLine.RunAsync("connect", West.Home.Directory, north.Home.Directory);
        Assert.Equal(1, code);
        Assert.Contains($"etcd of north does not answer at {north.Endpoint}", errors);
        Assert.Contains("  etcd --name north ", output);
        Assert.False(File.Exists(Path.Combine(West.Home.Remotes, "north.yaml")));
        await using var root = West.As("root");
        Assert.DoesNotContain("remote-north", await root.Auth.UsersAsync());
    }

    [Fact]
    public async Task Disconnect_WhenOneEtcdIsDown_RemovesTheRestAndSaysWhatIsLeft()
    {
        await using var north = await TestCluster.StartAsync("north", 3);
        await TestCluster.Run("connect", north.Home.Directory, West.Home.Directory);
        north.Etcd.Kill();
        var (code, output, errors) = await CommandLine.RunAsync("disconnect", north.Home.Directory, West.Home.Directory);
        Assert.Equal(1, code);
        Assert.Contains("etcd of north still has the user remote-west (", errors);
        Assert.EndsWith("; run this again to remove what is left\n", errors);
        Assert.Contains("etcd of west: user remote-north removed\n", output);
        Assert.Empty(Directory.GetFiles(north.Home.Remotes));
    }

    [Fact]
    public async Task Connect_WithAHomeThatHasNoCluster_TellsHowToMakeIt()
    {
        using var root = new TemporaryDirectory();
        var (code, _, errors) = await CommandLine.RunAsync("connect", West.Home.Directory, root.Path);
        Assert.Equal(1, code);
        Assert.Contains($"`clustermesh etcd init {root.Path}` makes it", errors);
    }

    private string Certificate() => File.ReadAllText(Path.Combine(West.Home.Remotes, "east.crt"));

    private Task<string> ConnectAsync(params string[] options) => TestCluster.Run(["connect", West.Home.Directory, East.Home.Directory, .. options]);
}
