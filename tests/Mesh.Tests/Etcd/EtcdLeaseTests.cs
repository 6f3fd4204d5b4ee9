using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Tests;
using static ClusterMesh.Mesh.Tests.Etcd.WatchReading;

namespace ClusterMesh.Mesh.Tests.Etcd;

public sealed class EtcdLeaseTests(EtcdFixture etcd) : IClassFixture<EtcdFixture>
{
    private EtcdClient Client => etcd.Client;

    [Fact]
    public async Task Lease_WhileOpen_OutlivesItsTtl()
    {
        await using var lease = await Client.OpenLeaseAsync(TimeSpan.FromSeconds(2));
        await Client.PutAsync("l1", Bytes("x"), lease.Id);
        // Another lease of the same length, that nobody keeps alive, says when the TTL is over.
        var other = (await etcd.Process.CtlAsync("lease", "grant", "4")).Split(' ')[1];
        await Eventually.TrueAsync(async () => (await etcd.Process.CtlAsync("lease", "timetolive", other)).Contains("already expired"), "the other lease expires");
        Assert.Equal(lease.Id, (await Client.GetAsync("l1")).Item?.Lease);
        Assert.False(lease.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Lease_Disposed_TakesItsKeysAlong()
    {
        var lease = await Client.OpenLeaseAsync(TimeSpan.FromMinutes(15));
        await Client.PutAsync("l2", Bytes("x"), lease.Id);
        var lost = lease.Lost;
        await lease.DisposeAsync();
        Assert.Null((await Client.GetAsync("l2")).Item);
        Assert.False(lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Lease_RevokedByAnother_IsLost()
    {
        await using var lease = await Client.OpenLeaseAsync(TimeSpan.FromSeconds(3));
        await etcd.Process.CtlAsync("lease", "revoke", lease.Id.ToString("x"));
        await Eventually.TrueAsync(() => lease.Lost.IsCancellationRequested, "the lease is lost");
    }

    [Fact]
    public async Task Lease_OfEtcdThatIsGone_IsLostAfterItsTtl()
    {
        await using var process = await EtcdProcess.StartAsync();
        await using var client = EtcdClient.Open(new EtcdConfig([process.Endpoint]) { Timeout = TimeSpan.FromSeconds(1) }, TimeProvider.System);
        await using var lease = await client.OpenLeaseAsync(TimeSpan.FromSeconds(2));
        process.Kill();
        await Eventually.TrueAsync(() => lease.Lost.IsCancellationRequested, "the lease is lost");
    }

    [Fact]
    public async Task Lease_OfClosedClient_IsLost()
    {
        var client = EtcdClient.Open(new EtcdConfig([etcd.Process.Endpoint]), TimeProvider.System);
        await using var lease = await client.OpenLeaseAsync(TimeSpan.FromMinutes(15));
        await client.DisposeAsync();
        await Eventually.TrueAsync(() => lease.Lost.IsCancellationRequested, "the lease is lost");
    }

    [Fact]
    public async Task Lease_OfEtcdThatComesBackInTime_IsKept()
    {
        await using var process = await EtcdProcess.StartAsync();
        await using var client = EtcdClient.Open(new EtcdConfig([process.Endpoint]), TimeProvider.System);
        await using var lease = await client.OpenLeaseAsync(TimeSpan.FromSeconds(20));
        await client.PutAsync("kept", Bytes("x"), lease.Id);
        process.Kill();
        await process.StartAgainAsync();
        Assert.NotNull((await client.GetAsync("kept")).Item);
        Assert.False(lease.Lost.IsCancellationRequested);
    }
}
