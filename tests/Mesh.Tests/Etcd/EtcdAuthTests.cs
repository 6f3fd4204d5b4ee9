using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Tests;
using static ClusterMesh.Mesh.Tests.Etcd.WatchReading;

namespace ClusterMesh.Mesh.Tests.Etcd;

/// <summary>Users by their certificates' common names, as clusters meet each other.</summary>
public sealed class EtcdAuthTests : IAsyncLifetime
{
    private readonly EtcdPki _pki = new();
    private EtcdProcess _etcd = null!;
    private EtcdClient _root = null!;
    private EtcdClient _reader = null!;

    public async Task InitializeAsync()
    {
        _etcd = await EtcdProcess.StartAsync(_pki.Server);
        _root = Open("root");
        _reader = Open("remote-east");
        for (var times = 0; times < 2; times++)
        {
            await _root.Auth.AddUserAsync("root");
            await _root.Auth.AddRoleAsync("root");
            await _root.Auth.GrantRoleAsync("root", "root");
            await _root.Auth.AddRoleAsync("remote");
            await _root.Auth.GrantPermissionAsync("remote", "cilium/state/", prefix: true, write: false);
            await _root.Auth.GrantPermissionAsync("remote", "cilium/.heartbeat", prefix: false, write: false);
            await _root.Auth.AddUserAsync("remote-east");
            await _root.Auth.GrantRoleAsync("remote-east", "remote");
            await _root.Auth.EnableAsync();
        }

        await _root.PutAsync("cilium/state/a", Bytes("1"));
        await _root.PutAsync("cilium/cache/a", Bytes("1"));
    }

    public async Task DisposeAsync()
    {
        await _root.DisposeAsync();
        await _reader.DisposeAsync();
        await _etcd.DisposeAsync();
        _pki.Dispose();
    }

    [Fact]
    public async Task Reader_UnderItsPrefix_ReadsAndWatches()
    {
        var page = Assert.Single(await _reader.ListAsync("cilium/state/").ToListAsync());
        Assert.Equal("cilium/state/a", Assert.Single(page.Items).Key);
        Assert.Null((await _reader.GetAsync("cilium/.heartbeat")).Item);
        await using var watch = _reader.WatchAsync("cilium/state/", page.Revision + 1).GetAsyncEnumerator();
        var next = watch.TakeAsync(1);
        await _root.PutAsync("cilium/state/b", Bytes("2"));
        Assert.Equal("cilium/state/b=2", Assert.Single(await next).Text());
    }

    [Fact]
    public async Task Reader_WritingAnything_IsDenied()
    {
        await DeniedAsync(() => _reader.PutAsync("cilium/state/a", Bytes("2")));
        await DeniedAsync(() => _reader.PutAsync("other", Bytes("2")));
        await DeniedAsync(() => _reader.DeleteAsync("cilium/state/a"));
        await DeniedAsync(() => _reader.DeleteAsync("cilium/state/", prefix: true));
        await DeniedAsync(() => _reader.TxnAsync(EtcdTxn.Create("cilium/state/c", Bytes("2"))));
        await DeniedAsync(() => _reader.Auth.AddUserAsync("more"));
        Assert.Equal(2, (await _root.ListAsync("cilium/").ToListAsync()).Sum(page => page.Items.Count));
    }

    [Fact]
    public async Task Reader_ReadingElsewhere_IsDenied()
    {
        await DeniedAsync(() => _reader.GetAsync("cilium/cache/a"));
        await DeniedAsync(async () => await _reader.ListAsync("cilium/").ToListAsync());
        await DeniedAsync(async () => await _reader.ListAsync("").ToListAsync());
    }

    [Theory]
    [InlineData("cilium/cache/")]
    [InlineData("cilium/")]
    [InlineData("")]
    public async Task Reader_WatchingElsewhere_IsDenied(string prefix)
    {
        await _reader.GetAsync("cilium/state/a");
        await using var watch = _reader.WatchAsync(prefix, 1).GetAsyncEnumerator();
        Assert.Equal(EtcdError.PermissionDenied, (await watch.EndAsync()).Error);
    }

    [Fact]
    public async Task Stranger_WithCertificateButNoUser_IsDenied()
    {
        await using var stranger = Open("nobody");
        await DeniedAsync(() => stranger.GetAsync("cilium/state/a"));
        await using var watch = stranger.WatchAsync("cilium/state/", 1).GetAsyncEnumerator();
        Assert.Equal(EtcdError.PermissionDenied, (await watch.EndAsync()).Error);
    }

    [Fact]
    public async Task Reader_WhosePermissionIsRevoked_IsDenied()
    {
        await _reader.GetAsync("cilium/state/a");
        await _root.Auth.RevokePermissionAsync("remote", "cilium/state/", prefix: true);
        await _root.Auth.RevokePermissionAsync("remote", "cilium/state/", prefix: true);
        await DeniedAsync(() => _reader.GetAsync("cilium/state/a"));
    }

    [Fact]
    public async Task User_Deleted_IsGone()
    {
        Assert.Equal(["remote-east", "root"], (await _root.Auth.UsersAsync()).Order());
        await _root.Auth.DeleteUserAsync("remote-east");
        await _root.Auth.DeleteUserAsync("remote-east");
        await DeniedAsync(() => _reader.GetAsync("cilium/state/a"));
    }

    [Fact]
    public async Task Certificate_OfAnotherUserOnDisk_IsUsedByTheNextCall()
    {
        await using var client = Open("nobody");
        await DeniedAsync(() => client.GetAsync("cilium/state/a"));
        _pki.Issue("remote-east", "nobody");
        Assert.NotNull((await client.GetAsync("cilium/state/a")).Item);
    }

    private static async Task DeniedAsync(Func<Task> call) =>
        Assert.Equal(EtcdError.PermissionDenied, (await Assert.ThrowsAsync<EtcdException>(call)).Error);

    private EtcdClient Open(string commonName) =>
        EtcdClient.Open(_pki.Client(_etcd.Endpoint, commonName, files: commonName), TimeProvider.System);
}
