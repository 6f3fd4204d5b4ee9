using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Leadership;
using ClusterMesh.Mesh.Tests.Etcd;
using ClusterMesh.Tests;

namespace ClusterMesh.Mesh.Tests.Publish;

public sealed class ElectionTests(EtcdFixture etcd) : IClassFixture<EtcdFixture>
{
    [Fact]
    public async Task Run_LeaderStops_TheOtherLeadsAtOnce()
    {
        await using var one = new Candidate(etcd, "stops", "one", 600);
        await Eventually.TrueAsync(() => one.Election.IsLeader, "one leads");
        await using var two = new Candidate(etcd, "stops", "two", 600);
        await Eventually.TrueAsync(() => two.Election.Leader == "one", "two follows");
        Assert.False(two.Election.IsLeader);

        await one.StopAsync();

        await Eventually.TrueAsync(() => two.Election.IsLeader, "two leads long before the TTL");
        Assert.False(one.Election.IsLeader);
    }

    [Fact]
    public async Task Run_LockDeletedByHand_EndsTheTermAndItsFence()
    {
        await using var one = new Candidate(etcd, "deleted", "one", 600);
        await Eventually.TrueAsync(() => one.Terms.Count == 1, "one leads");

        await etcd.Client.DeleteAsync("election/deleted");

        await Eventually.TrueAsync(() => one.Terms.Count == 2, "one leads again, in another term");
        Assert.False((await etcd.Client.TxnAsync(new([one.Terms[0].Fence], [EtcdOp.Put("election/x", default)]))).Held);
        Assert.True((await etcd.Client.TxnAsync(new([one.Terms[1].Fence], [EtcdOp.Put("election/x", default)]))).Held);
    }

    [Fact]
    public async Task Run_LeaseRevoked_EndsTheTerm()
    {
        await using var one = new Candidate(etcd, "revoked", "one", 2);
        await Eventually.TrueAsync(() => one.Terms.Count == 1, "one leads");

        await etcd.Process.CtlAsync("lease", "revoke", $"{(await etcd.Client.GetAsync("election/revoked")).Item!.Lease:x}");

        await Eventually.TrueAsync(() => one.Terms.Count == 2 && one.Election.IsLeader, "one leads again, in another term");
    }

    [Fact]
    public async Task Run_LeadFails_GivesTheLeadUp()
    {
        var election = new Election("election/fails", "one", TimeSpan.FromSeconds(600));

        await Assert.ThrowsAsync<InvalidOperationException>(() => election.RunAsync(etcd.Client, static (_, _) => throw new InvalidOperationException(), static () => { }, default));

        Assert.False(election.IsLeader);
        Assert.Null((await etcd.Client.GetAsync("election/fails")).Item);
    }

    private sealed class Candidate : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _running;

        public Candidate(EtcdFixture etcd, string key, string name, int ttl)
        {
            Election = new("election/" + key, name, TimeSpan.FromSeconds(ttl));
            _running = Election.RunAsync(etcd.Client, (term, over) =>
            {
                Terms.Add(term);
                return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, over);
            }, static () => { }, _stop.Token);
        }

        public Election Election { get; }

        public List<Term> Terms { get; } = [];

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
        }

        public async ValueTask DisposeAsync()
        {
            if (!_stop.IsCancellationRequested) await StopAsync();
            _stop.Dispose();
        }
    }
}
