using ClusterMesh.Tests;
using System.Net;
using ClusterMesh.Cli.Bootstrap;

namespace ClusterMesh.Cli.Tests.Commands;

public sealed class CertIssueCommandTests : IAsyncLifetime
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryDirectory _root = new();

    private ClusterHome West => new(_root.File("west"));

    private CertificateFile Certificate => CertificateFile.Read(West.Certificate("etcd"))!;

    [Fact]
    public async Task Issue_ForNames_SignsThemWithTheCaOfTheDirectory()
    {
        var output = await TestCluster.Run("cert", "issue", West.Directory, "etcd", "--dns", "localhost", "--dns", "*.west.mesh", "--ip", "127.0.0.1", "--ip", "::1", "--days", "20");
        Assert.Equal("CN etcd, DNS localhost, DNS *.west.mesh, IP 127.0.0.1, IP ::1", Certificate.Names.ToString());
        Assert.StartsWith($"{West.Certificate("etcd")} issued: {Certificate.Names}, until ", output);
        Assert.InRange((Certificate.NotAfter - TimeProvider.System.GetUtcNow()).TotalDays, 19, 20);
        Assert.True(Certificate.IsSignedBy(File.ReadAllText(West.CaCertificate)));
        Assert.True(Certificate.BelongsTo(West.Key("etcd")));
        Assert.Equal(Owner, File.GetUnixFileMode(West.Key("etcd")));
        Assert.Equal(["ca.crt", "ca.key", "etcd.crt", "etcd.key"], Directory.GetFiles(West.Directory).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Issue_AgainWithoutNames_IsARenewalWithTheNamesItHad()
    {
        await TestCluster.Run("cert", "issue", West.Directory, "etcd", "--common-name", "server", "--dns", "localhost", "--ip", "127.0.0.1", "--days", "20");
        var (before, key) = (Certificate, File.ReadAllText(West.Key("etcd")));
        var output = await TestCluster.Run("cert", "issue", West.Directory, "etcd");
        Assert.Contains(" renewed: CN server, DNS localhost, IP 127.0.0.1, until ", output);
        Assert.Equal(before.Names.ToString(), Certificate.Names.ToString());
        Assert.True(Certificate.NotAfter > before.NotAfter);
        Assert.NotEqual(key, File.ReadAllText(West.Key("etcd")));
        Assert.True(Certificate.BelongsTo(West.Key("etcd")));
    }

    [Fact]
    public async Task Issue_AgainWithOtherNames_HasOnlyThose()
    {
        await TestCluster.Run("cert", "issue", West.Directory, "etcd", "--dns", "localhost", "--ip", "127.0.0.1");
        await TestCluster.Run("cert", "issue", West.Directory, "etcd", "--ip", "10.0.0.1");
        Assert.Equal("CN etcd, IP 10.0.0.1", Certificate.Names.ToString());
    }

    [Fact]
    public async Task Issue_BeyondTheCa_EndsWithItAndSaysSo()
    {
        var output = await TestCluster.Run("cert", "issue", West.Directory, "etcd", "--days", "3651");
        using var authority = HomeAuthority.Load(West, TimeProvider.System);
        Assert.Equal(authority.NotAfter, Certificate.NotAfter);
        Assert.EndsWith(", when its CA ends\n", output);
    }

    [Fact]
    public async Task Issue_OverAFileThatIsNoCertificate_WantsTheNames()
    {
        File.WriteAllText(West.Certificate("etcd"), "not PEM");
        var (code, _, errors) = await CommandLine.RunAsync("cert", "issue", West.Directory, "etcd");
        Assert.Equal(1, code);
        Assert.Contains("is not a certificate, so its names cannot be kept", errors);
        await TestCluster.Run("cert", "issue", West.Directory, "etcd", "--ip", "127.0.0.1");
        Assert.Equal(IPAddress.Loopback, Assert.Single(Certificate.Names.Addresses));
    }

    [Fact]
    public async Task Issue_WithoutACa_TellsHowToMakeOne()
    {
        var (code, _, errors) = await CommandLine.RunAsync("cert", "issue", _root.File("east"), "etcd");
        Assert.Equal(1, code);
        Assert.Contains($"make a CA with `clustermesh ca init {_root.File("east")}`", errors);
    }

    [Fact]
    public async Task Issue_WithAnExpiredCa_IsRefused()
    {
        HomeAuthority.Create(West, null, TimeSpan.FromDays(1), force: true, new ShiftedTime(TimeSpan.FromDays(-3))).Dispose();
        var (code, _, errors) = await CommandLine.RunAsync("cert", "issue", West.Directory, "etcd");
        Assert.Equal(1, code);
        Assert.Contains("nothing that it signs would be trusted", errors);
        Assert.False(File.Exists(West.Certificate("etcd")));
    }

    [Fact]
    public async Task Issue_WithTheKeyOfAnotherCa_IsRefusedWithoutShowingIt()
    {
        using var other = Mesh.Pki.CertificateAuthority.Create("other", TimeSpan.FromDays(1), TimeProvider.System);
        File.WriteAllText(West.Key("ca"), other.KeyPem);
        var (code, output, errors) = await CommandLine.RunAsync("cert", "issue", West.Directory, "etcd");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("cannot be used", errors);
        Assert.DoesNotContain("PRIVATE", errors);
    }

    [Theory]
    [InlineData("ca")]
    [InlineData("../etcd")]
    [InlineData(".etcd")]
    [InlineData("etcd", "--ip", "localhost")]
    [InlineData("etcd", "--ip", "300.1.1.1")]
    [InlineData("etcd", "--dns", "a b")]
    [InlineData("etcd", "--dns", "127.0.0.1")]
    [InlineData("etcd", "--dns", "")]
    public async Task Issue_ForWhatIsNoName_IsAUsageError(params string[] arguments)
    {
        var (code, _, errors) = await CommandLine.RunAsync(["cert", "issue", West.Directory, .. arguments]);
        Assert.Equal(2, code);
        Assert.NotEmpty(errors);
    }

    public Task InitializeAsync() => TestCluster.Run("ca", "init", West.Directory);

    public Task DisposeAsync()
    {
        _root.Dispose();
        return Task.CompletedTask;
    }
}
