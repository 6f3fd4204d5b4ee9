using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Cli.Tests.Bootstrap;

/// <summary>What each user may do in a real etcd, after etcd init and connect.</summary>
public sealed class EtcdAccessTests(TwoClusters clusters) : IClassFixture<TwoClusters>
{
    private const string Readers = "remote-west", Shared = "remote";

    public static TheoryData<string, string> ReadableByRemotes { get; } = Each(
        [Readers, Shared], ["cilium/.heartbeat", "cilium/state/nodes/v1/east/n1", "cilium/cluster-config/east", "cilium/synced/east/cilium/state/nodes/v1"]);

    public static TheoryData<string, string> Forbidden { get; } = Each(
        [Readers, Shared, "nobody"], ["outside", "cilium/.heartbeat2", "cilium/cluster-config/west", "cilium/synced/west/x", "cilium/cache/nodes/v1/west/n1", "cilium/.clustermesh-lock/x"]);

    public static TheoryData<string, string> WritableByNoReader { get; } = Each(
        [Readers, Shared, "nobody", "local-east"], ["cilium/state/nodes/v1/east/n1", "cilium/.heartbeat", "cilium/cluster-config/east", "outside"]);

    [Theory]
    [MemberData(nameof(ReadableByRemotes))]
    public async Task Remote_ReadsWhatThisClusterTells(string user, string key)
    {
        await using var client = clusters.East.As(user);
        Assert.NotNull((await client.GetAsync(key)).Item);
    }

    [Theory]
    [MemberData(nameof(Forbidden))]
    public async Task Remote_ReadsOutside_IsRefused(string user, string key)
    {
        await using var client = clusters.East.As(user);
        await RefusedAsync(() => client.GetAsync(key));
        await RefusedAsync(() => ListAsync(client, key));
        await RefusedAsync(() => WatchAsync(client, key));
    }

    [Fact]
    public async Task Remote_ReadsEverything_IsRefused()
    {
        await using var client = clusters.East.As(Readers);
        await RefusedAsync(() => ListAsync(client, "cilium/"));
        await RefusedAsync(() => WatchAsync(client, "cilium/"));
        Assert.Equal(2, await ListAsync(client, "cilium/state/services/v1/east/"));
    }

    [Theory]
    [MemberData(nameof(WritableByNoReader))]
    public async Task Reader_PutsOrDeletes_IsRefusedAndNothingChanges(string user, string key)
    {
        await using var root = clusters.East.As("root");
        var before = (await root.GetAsync(key)).Item?.ModRevision;
        await using var client = clusters.East.As(user);
        await RefusedAsync(() => client.PutAsync(key, "x"u8.ToArray()));
        await RefusedAsync(() => client.DeleteAsync(key));
        await RefusedAsync(() => client.DeleteAsync(key, prefix: true));
        await RefusedAsync(() => client.TxnAsync(EtcdTxn.Create(key, "x"u8.ToArray())));
        await RefusedAsync(() => client.TxnAsync(new([], [EtcdOp.Delete(key)], [])));
        Assert.Equal(before, (await root.GetAsync(key)).Item?.ModRevision);
    }

    [Theory]
    [InlineData(Readers)]
    [InlineData("agent-east")]
    [InlineData("local-east")]
    public async Task AnyoneButRoot_ChangesUsers_IsRefused(string user)
    {
        await using var client = clusters.East.As(user);
        await RefusedAsync(() => client.Auth.AddUserAsync("mallory"));
        await RefusedAsync(() => client.Auth.GrantRoleAsync(user, "root"));
        await RefusedAsync(() => client.Auth.GrantPermissionAsync("remote", "", prefix: true, write: true));
    }

    [Fact]
    public async Task Agent_WritesUnderCilium_AndNowhereElse()
    {
        await using var client = clusters.East.As("agent-east");
        await client.PutAsync("cilium/state/test", "x"u8.ToArray());
        Assert.Equal(1, await client.DeleteAsync("cilium/state/test"));
        await RefusedAsync(() => client.PutAsync("cilium", "x"u8.ToArray()));
        await RefusedAsync(() => client.PutAsync("cilium0", "x"u8.ToArray()));
        await RefusedAsync(() => client.GetAsync("outside"));
    }

    [Fact]
    public async Task Local_ReadsTheMirror_AndNotTheClustersOwnState()
    {
        await using var client = clusters.East.As("local-east");
        await client.GetAsync("cilium/cache/nodes/v1/west/n1");
        await client.GetAsync("cilium/cluster-config/west");
        await client.GetAsync("cilium/synced/west/x");
        await RefusedAsync(() => client.GetAsync("cilium/state/nodes/v1/east/n1"));
    }

    [Fact]
    public async Task Admin_OfTheCluster_IsRoot()
    {
        await using var client = clusters.East.As("admin-east");
        Assert.Contains("remote-west", await client.Auth.UsersAsync());
    }

    private static TheoryData<string, string> Each(string[] users, string[] keys)
    {
        var all = new TheoryData<string, string>();
        foreach (var user in users)
        {
            foreach (var key in keys) all.Add(user, key);
        }

        return all;
    }

    private static async Task RefusedAsync(Func<Task> act) => Assert.Equal(EtcdError.PermissionDenied, (await Assert.ThrowsAsync<EtcdException>(act)).Error);

    private static async Task<int> ListAsync(IEtcdClient client, string prefix)
    {
        var count = 0;
        await foreach (var page in client.ListAsync(prefix)) count += page.Items.Count;
        return count;
    }

    private static async Task WatchAsync(IEtcdClient client, string prefix)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        await foreach (var batch in client.WatchAsync(prefix, 1, limit.Token)) Assert.Fail($"a watch was allowed: {batch}");
    }
}
