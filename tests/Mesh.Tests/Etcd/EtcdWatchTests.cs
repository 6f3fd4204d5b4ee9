using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Tests;
using static ClusterMesh.Mesh.Tests.Etcd.WatchReading;

namespace ClusterMesh.Mesh.Tests.Etcd;

public sealed class EtcdWatchTests(EtcdFixture etcd) : IClassFixture<EtcdFixture>
{
    private EtcdClient Client => etcd.Client;

    [Fact]
    public async Task Watch_FromRevision_GivesAllSinceInOrder()
    {
        var from = await Client.PutAsync("w1/a", Bytes("1"));
        await Client.PutAsync("w1/b", Bytes("2"));
        await Client.PutAsync("w1x", Bytes("no"));
        await Client.DeleteAsync("w1/a");
        await using var watch = Client.WatchAsync("w1/", from).GetAsyncEnumerator();
        var events = await watch.TakeAsync(3);
        var live = await Client.PutAsync("w1/c", Bytes("3"));
        events.AddRange(await watch.TakeAsync(1));
        Assert.Equal(["w1/a=1", "w1/b=2", "w1/a-", "w1/c=3"], events.Select(change => change.Text()));
        Assert.Equal([from, from + 1, from + 3, live], events.Select(change => change.Revision));
        Assert.Equal(live, watch.Current.Revision);
    }

    [Fact]
    public async Task Watch_FromZero_BeginsNow()
    {
        await Client.PutAsync("w2/a", Bytes("before"));
        await using var watch = Client.WatchAsync("w2/", 0).GetAsyncEnumerator();
        var next = watch.MoveNextAsync();
        // The watch has begun when an answer to a request for progress comes.
        await Eventually.TrueAsync(() => Ask(next), "the watch answers");
        await Client.PutAsync("w2/a", Bytes("after"));
        Assert.Equal(["w2/a=after"], (await watch.TakeAsync(1)).Select(change => change.Text()));

        bool Ask(ValueTask<bool> answer)
        {
            Client.RequestProgress();
            return answer.IsCompleted;
        }
    }

    [Fact]
    public async Task Watch_BehindCompaction_EndsWithCompacted()
    {
        var from = await Client.PutAsync("w3/a", Bytes("1"));
        var last = await Client.PutAsync("w3/a", Bytes("2"));
        await etcd.Process.CtlAsync("compact", $"{last}");
        await using var watch = Client.WatchAsync("w3/", from).GetAsyncEnumerator();
        var e = await watch.EndAsync();
        Assert.Equal(EtcdError.Compacted, e.Error);
        Assert.Contains($"{last}", e.Message);
    }

    [Fact]
    public async Task Watch_AtWhatIsNotCompactedYet_GoesOn()
    {
        await Client.PutAsync("w4/a", Bytes("1"));
        var last = await Client.PutAsync("w4/a", Bytes("2"));
        await etcd.Process.CtlAsync("compact", $"{last}");
        await using var watch = Client.WatchAsync("w4/", last + 1).GetAsyncEnumerator();
        var next = watch.TakeAsync(1);
        await Client.PutAsync("w4/a", Bytes("3"));
        Assert.Equal("w4/a=3", Assert.Single(await next).Text());
    }

    [Fact]
    public async Task Progress_WhenAsked_IsAnEmptyBatchOfEachWatch()
    {
        var from = await Client.PutAsync("w5/a", Bytes("1"));
        await using var one = Client.WatchAsync("w5/", from).GetAsyncEnumerator();
        await using var other = Client.WatchAsync("w5/a", from).GetAsyncEnumerator();
        await one.TakeAsync(1);
        await other.TakeAsync(1);
        Client.RequestProgress();
        foreach (var batch in (EtcdWatchBatch[])[await one.NextAsync(), await other.NextAsync()])
        {
            Assert.Empty(batch.Events);
            Assert.True(batch.Revision >= from);
        }
    }

    [Fact]
    public async Task Watch_OfLargeTransaction_IsOneBatchPerRevisionOrMore()
    {
        var from = await Client.PutAsync("w6", default) + 1;
        // Together far more than etcd puts in one message.
        for (var round = 0; round < 3; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Client.TxnAsync(new([], [.. Enumerable.Range(0, 100).Select(k => EtcdOp.Put($"w6/{i}/{k}", new byte[10_000]))]))));
        }

        await using var watch = Client.WatchAsync("w6/", from).GetAsyncEnumerator();
        var (count, revision) = (0, 0L);
        while (count < 1800)
        {
            var batch = await watch.NextAsync();
            Assert.All(batch.Events, change => Assert.True(change.Revision > revision, "a revision is never split between batches"));
            revision = batch.Revision;
            count += batch.Events.Count;
        }

        Assert.Equal(1800, count);
    }

    [Fact]
    public async Task Watch_Cancelled_EndsWithOperationCanceled()
    {
        using var cancel = new CancellationTokenSource();
        await using var watch = Client.WatchAsync("w7/", 0, cancel.Token).GetAsyncEnumerator();
        var next = watch.MoveNextAsync();
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => next.AsTask().WaitAsync(Limit));
    }
}
