using System.Text;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Publish;
using ClusterMesh.Tests;

namespace ClusterMesh.Mesh.Tests.Publish;

/// <summary>Two agents of one cluster.</summary>
public sealed class SeveralAgentsTests : IAsyncLifetime
{
    private static readonly PublishConfig s_short = Sample.Config with { LeaseTtl = TimeSpan.FromSeconds(4), ElectionTtl = TimeSpan.FromSeconds(2) };

    private EtcdProcess _etcd = null!;
    private EtcdClient _client = null!;

    public async Task InitializeAsync()
    {
        _etcd = await EtcdProcess.StartAsync();
        _client = _etcd.Connect();
    }

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        await _etcd.DisposeAsync();
    }

    [Fact]
    public async Task Agents_Two_OneLeadsAndEachWritesItsOwnNodeAndPods()
    {
        var objects = Sample.Objects([Sample.Global("echo")], null, Sample.Pod("a", "10.1.1.1", "n1", ("app", "x")), Sample.Pod("b", "10.1.2.1", "n2", ("app", "x")));
        await using var first = new Agent(_etcd, Sample.Config);
        await using var second = new Agent(_etcd, Sample.Config with { Node = "n2", NodeIps = ["172.18.0.3"] });
        first.Publish(objects);
        second.Publish(objects);
        await first.SyncedAsync();
        await second.SyncedAsync();

        await Eventually.TrueAsync(() => first.Status.IsLeader != second.Status.IsLeader && first.Status.Leader == second.Status.Leader, "one leads, and both know who");
        await Eventually.TrueAsync(async () => (await _client.KeysAsync("cilium/synced/c1/")).Count == 4, "the canaries are there");
        var keys = await _client.KeysAsync("cilium/state/");
        Assert.Contains("cilium/state/nodes/v1/c1/n1", keys.Keys);
        Assert.Contains("cilium/state/nodes/v1/c1/n2", keys.Keys);
        Assert.Contains("172.18.0.2", Encoding.UTF8.GetString(keys["cilium/state/ip/v1/default/10.1.1.1"].Value.Span), StringComparison.Ordinal);
        Assert.Contains("172.18.0.3", Encoding.UTF8.GetString(keys["cilium/state/ip/v1/default/10.1.2.1"].Value.Span), StringComparison.Ordinal);
        Assert.Single(keys.Keys, key => key.StartsWith("cilium/state/identities/v1/id/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Follower_HasOtherServices_DoesNotWriteThem()
    {
        await using var leader = new Agent(_etcd, Sample.Config);
        leader.Publish(Sample.Objects([Sample.Global("echo")]));
        await Eventually.TrueAsync(() => leader.Status is { IsLeader: true, Synced: true }, "the first leads");
        await using var follower = new Agent(_etcd, Sample.Config with { Node = "n2", NodeIps = ["172.18.0.3"] });
        follower.Publish(Sample.Objects([Sample.Global("other")]));
        await follower.SyncedAsync();
        await Eventually.TrueAsync(() => follower.Status.Leader == "n1", "the second knows who leads");

        Assert.Equal(["cilium/state/services/v1/c1/default/echo"], (await _client.KeysAsync("cilium/state/services/")).Keys);
    }

    [Fact]
    public async Task Address_MovesToAnotherNode_ItsRecordIsNotTakenAwayByTheFirst()
    {
        const string key = "cilium/state/ip/v1/default/10.1.1.1";
        await using var first = new Agent(_etcd, Sample.Config);
        await using var second = new Agent(_etcd, Sample.Config with { Node = "n2", NodeIps = ["172.18.0.3"] });
        var (here, there) = (Sample.Objects(null, null, Sample.Pod("a", "10.1.1.1")), Sample.Objects(null, null, Sample.Pod("a", "10.1.1.1", "n2")));
        first.Publish(here);
        second.Publish(here);
        await Eventually.TrueAsync(async () => (await _client.TextAsync(key))?.Contains("172.18.0.2", StringComparison.Ordinal) == true, "the first node has it");

        second.Publish(there);
        await Eventually.TrueAsync(async () => (await _client.TextAsync(key))?.Contains("172.18.0.3", StringComparison.Ordinal) == true, "the second node has it");
        first.Publish(there);
        await Eventually.TrueAsync(() => first.Status is { Synced: true, Ips: 0 }, "the first has given it up");

        Assert.Contains("172.18.0.3", await _client.TextAsync(key), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Etcd_BackAfterAWhile_FollowersHaveNothingToComplainOf()
    {
        await using var first = new Agent(_etcd, s_short);
        await using var second = new Agent(_etcd, s_short with { Node = "n2", NodeIps = ["172.18.0.3"] });
        first.Publish(Sample.Objects());
        second.Publish(Sample.Objects());
        await first.SyncedAsync();
        await second.SyncedAsync();

        _etcd.Kill();
        await Eventually.TrueAsync(() => first.Status.Errors.ContainsKey("election") && second.Status.Errors.ContainsKey("election"), "both say that etcd is away", 40);
        await _etcd.StartAgainAsync();

        await Eventually.TrueAsync(() => first.Status is { Synced: true, Errors.Count: 0 } && second.Status is { Synced: true, Errors.Count: 0 }, "all is well", 40);
        await Eventually.TrueAsync(() => first.Status.IsLeader != second.Status.IsLeader, "one leads");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Leader_Gone_TheOtherTakesOverAndNoServiceIsMissingForAMoment(bool killed)
    {
        var objects = Sample.Objects([.. Enumerable.Range(0, 300).Select(n => Sample.Global($"s{n}"))]);
        await using var leader = new Agent(_etcd, s_short);
        leader.Publish(objects);
        await Eventually.TrueAsync(() => leader.Status is { IsLeader: true, Synced: true }, "the first leads");
        await using var follower = new Agent(_etcd, s_short with { Node = "n2", NodeIps = ["172.18.0.3"] });
        follower.Publish(objects);
        await follower.SyncedAsync();
        var before = await _client.KeysAsync("cilium/state/services/");
        using var end = new CancellationTokenSource();
        var changes = ChangesAsync((await _client.GetAsync("x")).Revision + 1, end.Token);

        await (killed ? leader.KillAsync() : leader.StopAsync());
        await Eventually.TrueAsync(() => follower.Status is { IsLeader: true, Synced: true }, "the second leads");
        // A clock of etcd's own: when this key is gone, so is whatever the first one's leases held.
        var lease = (await _etcd.CtlAsync("lease", "grant", "6")).Split(' ')[1];
        await _etcd.CtlAsync("put", "clock", "x", $"--lease={lease}");
        await Eventually.TrueAsync(async () => await _client.TextAsync("clock") is null, "more than the TTL has passed");
        await end.CancelAsync();

        Assert.Empty(await changes);
        Assert.Equal(before.Keys, (await _client.KeysAsync("cilium/state/services/")).Keys);
        Assert.Equal(4, (await _client.KeysAsync("cilium/synced/c1/")).Count);
        Assert.NotNull(await _client.TextAsync("cilium/cluster-config/c1"));
    }

    private async Task<List<EtcdEvent>> ChangesAsync(long from, CancellationToken end)
    {
        var events = new List<EtcdEvent>();
        try
        {
            await foreach (var batch in _client.WatchAsync("cilium/state/services/", from, end)) events.AddRange(batch.Events);
        }
        catch (OperationCanceledException)
        {
            // Seen enough.
        }

        return events;
    }
}
