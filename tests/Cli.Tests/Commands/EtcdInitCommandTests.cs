using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Tests;

namespace ClusterMesh.Cli.Tests.Commands;

public sealed class EtcdInitCommandTests
{
    [Fact]
    public async Task Init_OfAnEmptyEtcd_MakesUsersFilesAndTurnsAuthenticationOn()
    {
        await using var west = await TestCluster.StartAsync("west", 1, initialised: false);
        var output = await west.InitAsync();
        Assert.Contains("agent.crt issued: CN agent-west, until ", output);
        Assert.Contains("role agent: readwrite cilium/*\n", output);
        Assert.Contains("role remote: read cilium/.heartbeat, read cilium/state/*, read cilium/cluster-config/west, read cilium/synced/west/*\n", output);
        foreach (var user in new[] { "root, role root", "admin-west, role root", "agent-west, role agent", "local-west, role local", "remote, role remote" })
            Assert.Contains($"user {user}: made\n", output);
        Assert.Equal($"name: west\nid: 1\nendpoints:\n- {west.Endpoint}\n", File.ReadAllText(west.Home.ClusterFile));
        Assert.Equal($"endpoints:\n- {west.Endpoint}\ntrusted-ca-file: ca.crt\ncert-file: agent.crt\nkey-file: agent.key\n", File.ReadAllText(west.Home.EtcdFile));

        await using var agent = EtcdClient.Open(EtcdConfigFile.Read(west.Home.EtcdFile), TimeProvider.System);
        await agent.PutAsync("cilium/x", default);
        await using var nobody = west.As("nobody");
        Assert.Equal(EtcdError.PermissionDenied, (await Assert.ThrowsAsync<EtcdException>(() => nobody.GetAsync("cilium/x"))).Error);
    }

    [Fact]
    public async Task Init_Twice_FindsAllAndMendsWhatIsMissing()
    {
        await using var west = await TestCluster.StartAsync("west", 1);
        await using (var root = west.As("root")) await root.Auth.DeleteUserAsync("local-west");
        File.Delete(west.Home.EtcdFile);
        File.Delete(west.Home.Key("agent"));
        var rootKey = File.ReadAllText(west.Home.Key("root"));

        var output = await TestCluster.Run("etcd", "init", west.Home.Directory);
        Assert.Contains("agent.crt renewed: CN agent-west", output);
        Assert.DoesNotContain("root.crt", output);
        Assert.Equal(rootKey, File.ReadAllText(west.Home.Key("root")));
        Assert.Contains("user local-west, role local: made\n", output);
        Assert.Contains("user agent-west, role agent: was there\n", output);
        Assert.True(File.Exists(west.Home.EtcdFile));
    }

    [Fact]
    public async Task Init_WhereUsersMayTooMuch_TakesItAway()
    {
        await using var west = await TestCluster.StartAsync("west", 1);
        await using (var root = west.As("root"))
        {
            await root.Auth.GrantPermissionAsync("remote", "cilium/", prefix: true, write: true);
            await root.Auth.GrantPermissionAsync("remote", "", prefix: true, write: false);
            await root.Auth.GrantPermissionAsync("remote", "cilium/state/", prefix: true, write: true);
            await root.Auth.GrantRoleAsync("remote", "agent");
        }

        var output = await TestCluster.Run("etcd", "init", west.Home.Directory);
        Assert.Contains("role remote: a permission from cilium/ on, which it should not have, is taken away\n", output);
        Assert.Contains("user remote: role agent, which it should not have, is taken away\n", output);
        await using var remote = west.As("remote");
        await remote.GetAsync("cilium/state/x");
        foreach (var key in new[] { "cilium/state/x", "cilium/x" })
            Assert.Equal(EtcdError.PermissionDenied, (await Assert.ThrowsAsync<EtcdException>(() => remote.PutAsync(key, default))).Error);
        Assert.Equal(EtcdError.PermissionDenied, (await Assert.ThrowsAsync<EtcdException>(() => remote.GetAsync("outside"))).Error);
        Assert.DoesNotContain("taken away", await TestCluster.Run("etcd", "init", west.Home.Directory));
    }

    [Fact]
    public async Task Init_WhenTheServersCertificateEndsSoon_SaysHowToRenewIt()
    {
        await using var west = await TestCluster.StartAsync("west", 1);
        await TestCluster.Run("cert", "issue", west.Home.Directory, "etcd", "--days", "29");
        Assert.Contains($"renew it with `clustermesh cert issue {west.Home.Directory} etcd`", await TestCluster.Run("etcd", "init", west.Home.Directory));
        await TestCluster.Run("cert", "issue", west.Home.Directory, "etcd");
        Assert.DoesNotContain("renew it", await TestCluster.Run("etcd", "init", west.Home.Directory));
    }

    [Fact]
    public async Task Init_AfterItsDataWasLost_MakesItWholeAgain()
    {
        await using var west = await TestCluster.StartAsync("west", 1);
        west.Etcd.Kill();
        await west.Etcd.StartAgainAsync(emptied: true);
        Assert.Contains("user agent-west, role agent: made\n", await TestCluster.Run("etcd", "init", west.Home.Directory));
    }

    [Fact]
    public async Task Init_OfAnotherNameOrId_IsRefused()
    {
        await using var west = await TestCluster.StartAsync("west", 1);
        var before = File.ReadAllText(west.Home.ClusterFile);
        foreach (var change in new[] { new[] { "--cluster", "east" }, ["--id", "2"] })
        {
            var (code, _, errors) = await CommandLine.RunAsync(["etcd", "init", west.Home.Directory, .. change]);
            Assert.Equal(1, code);
            Assert.Contains("says that this is cluster west with id 1", errors);
        }

        Assert.Equal(before, File.ReadAllText(west.Home.ClusterFile));
    }

    [Fact]
    public async Task Init_WithNoEtcdThere_PrintsHowToStartItAndLeavesNoSettings()
    {
        using var root = new TemporaryDirectory();
        var west = new ClusterHome(root.File("west"));
        await TestCluster.Run("ca", "init", west.Directory);
        var endpoint = $"https://127.0.0.1:{EtcdProcess.FreePort()}";
        string[] init = ["etcd", "init", west.Directory, "--cluster", "west", "--id", "1", "--endpoints", endpoint];

        var (code, output, errors) = await CommandLine.RunAsync(init);
        Assert.Equal(1, code);
        Assert.StartsWith($"clustermesh: etcd of west does not answer at {endpoint}", errors);
        Assert.Contains($"\n  clustermesh cert issue {west.Directory} etcd --ip 127.0.0.1\n  etcd --name west ", output);
        Assert.False(File.Exists(west.ClusterFile));

        await TestCluster.Run("cert", "issue", west.Directory, "etcd", "--ip", "127.0.0.1");
        (_, output, _) = await CommandLine.RunAsync(init);
        Assert.DoesNotContain("clustermesh cert issue", output);
        Assert.Contains($"  etcd --name west --data-dir {west.Directory}/etcd-data --listen-client-urls {endpoint} ", output);
    }

    [Fact]
    public async Task Init_WhenTheEtcdHasAnotherCa_SaysThatTheyDoNotTrustEachOther()
    {
        await using var west = await TestCluster.StartAsync("west", 1, initialised: false);
        await TestCluster.Run("ca", "init", west.Home.Directory, "--force");
        var (code, output, errors) = await CommandLine.RunAsync("etcd", "init", west.Home.Directory, "--cluster", "west", "--id", "1", "--endpoints", west.Endpoint);
        Assert.Equal(1, code);
        Assert.Contains("do not trust each other", errors);
        Assert.Contains($"clustermesh cert issue {west.Home.Directory} etcd --ip 127.0.0.1\n", output);
    }

    [Theory]
    [InlineData(2, "--cluster", "West", "--id", "1", "--endpoints", "https://127.0.0.1:1")]
    [InlineData(2, "--cluster", "default", "--id", "1", "--endpoints", "https://127.0.0.1:1")]
    [InlineData(2, "--cluster", "west", "--id", "0", "--endpoints", "https://127.0.0.1:1")]
    [InlineData(2, "--cluster", "west", "--id", "256", "--endpoints", "https://127.0.0.1:1")]
    [InlineData(2, "--cluster", "west", "--id", "1", "--endpoints", "http://127.0.0.1:1")]
    [InlineData(2, "--cluster", "west", "--id", "1", "--endpoints", "https://127.0.0.1")]
    [InlineData(2, "--cluster", "west", "--id", "1", "--endpoints", "https://127.0.0.1:1,127.0.0.1:2")]
    [InlineData(1, "--cluster", "west", "--id", "1")]
    [InlineData(1, "--cluster", "west", "--endpoints", "https://127.0.0.1:1")]
    [InlineData(1, "--id", "1", "--endpoints", "https://127.0.0.1:1")]
    [InlineData(1, "--cluster", "west", "--id", "1", "--endpoints", "https://127.0.0.1:1")]
    public async Task Init_OfWhatCannotBeACluster_MakesNothing(int expected, params string[] arguments)
    {
        using var root = new TemporaryDirectory();
        var (code, _, errors) = await CommandLine.RunAsync(["etcd", "init", root.File("west"), .. arguments]);
        Assert.Equal(expected, code);
        Assert.NotEmpty(errors);
        Assert.False(Directory.Exists(root.File("west")));
    }
}
