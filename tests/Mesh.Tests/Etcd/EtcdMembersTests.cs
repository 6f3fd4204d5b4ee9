using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Tests;
using static ClusterMesh.Mesh.Tests.Etcd.WatchReading;

namespace ClusterMesh.Mesh.Tests.Etcd;

/// <summary>A cluster of three members, whose client knows them all.</summary>
public sealed class EtcdMembersTests : IAsyncLifetime
{
    private readonly EtcdMembers _members = new(3);
    private EtcdClient _client = null!;

    public async Task InitializeAsync()
    {
        _client = EtcdClient.Open(new EtcdConfig([.. _members.Endpoints]) { Timeout = TimeSpan.FromSeconds(20), GiveUp = TimeSpan.FromSeconds(20) }, TimeProvider.System);
        await Eventually.TrueAsync(async () => (await _client.StatusAsync()).HasLeader, "the members have elected a leader");
    }

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        _members.Dispose();
    }

    [Fact]
    public async Task Watch_WhenItsMemberIsKilled_GoesOnAtAnother()
    {
        var from = await _client.PutAsync("m/0", Bytes("0"));
        await using var watch = _client.WatchAsync("m/", from).GetAsyncEnumerator();
        await watch.TakeAsync(1);
        var used = _client.Endpoint;
        _members.Kill(used);
        await Eventually.TrueAsync(PutAsync, "another member takes the write", 30);
        Assert.NotEqual(used, _client.Endpoint);
        Assert.Equal("m/1=1", Assert.Single(await watch.TakeAsync(1)).Text());

        async Task<bool> PutAsync()
        {
            try
            {
                return (await _client.TxnAsync(EtcdTxn.Create("m/1", Bytes("1")))).Revision > from;
            }
            catch (EtcdException e) when (e.Error == EtcdError.Unavailable)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task Member_WithoutQuorum_AnswersStatusOnly()
    {
        var from = await _client.PutAsync("q/0", Bytes("0"));
        foreach (var endpoint in _members.Endpoints.Skip(1)) _members.Kill(endpoint.GetLeftPart(UriPartial.Authority));
        await using var last = EtcdClient.Open(
            new EtcdConfig([_members.Endpoints[0]]) { Timeout = TimeSpan.FromSeconds(1), GiveUp = TimeSpan.FromSeconds(1) }, TimeProvider.System);
        await Eventually.TrueAsync(async () => !(await last.StatusAsync()).HasLeader, "the last member has no leader", 30);
        Assert.Equal(EtcdError.Unavailable, (await Assert.ThrowsAsync<EtcdException>(() => last.GetAsync("q/0"))).Error);
        await using var watch = last.WatchAsync("q/", from).GetAsyncEnumerator();
        Assert.Equal(EtcdError.Unavailable, (await watch.EndAsync()).Error);
    }
}
