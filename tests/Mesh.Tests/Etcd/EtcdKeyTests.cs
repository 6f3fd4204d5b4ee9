using System.Text;
using ClusterMesh.Mesh.Etcd;
using static ClusterMesh.Mesh.Tests.Etcd.WatchReading;

namespace ClusterMesh.Mesh.Tests.Etcd;

public sealed class EtcdKeyTests(EtcdFixture etcd) : IClassFixture<EtcdFixture>
{
    private EtcdClient Client => etcd.Client;

    [Fact]
    public async Task Get_AfterPut_GivesValueAndRevisions()
    {
        var put = await Client.PutAsync("get/é", Bytes("v1"));
        var (item, revision) = await Client.GetAsync("get/é");
        Assert.NotNull(item);
        Assert.Equal(("get/é", "v1", put, put, 0L), (item.Key, Encoding.UTF8.GetString(item.Value.Span), item.ModRevision, item.CreateRevision, item.Lease));
        Assert.True(revision >= put);
        Assert.Equal("v1", (await etcd.Process.CtlAsync("get", "get/é", "--print-value-only")).Trim());
    }

    [Fact]
    public async Task Get_OfAbsentKey_GivesNullWithRevision()
    {
        var put = await Client.PutAsync("absent/other", default);
        var (item, revision) = await Client.GetAsync("absent/key");
        Assert.Null(item);
        Assert.True(revision >= put);
    }

    [Fact]
    public async Task List_OverSeveralPages_IsOrderedAndAsOfTheFirstPage()
    {
        await using var paged = EtcdClient.Open(new EtcdConfig([etcd.Process.Endpoint]) { PageSize = 3 }, TimeProvider.System);
        for (var i = 0; i < 8; i++) await paged.PutAsync($"list/{i}", Bytes("old"));
        await paged.PutAsync("list0", Bytes("not under the prefix"));
        var pages = new List<EtcdPage>();
        await foreach (var page in paged.ListAsync("list/"))
        {
            pages.Add(page);
            // Written while the list is under way: no page may show it.
            await paged.PutAsync("list/7", Bytes("new"));
            await paged.PutAsync("list/9", Bytes("new"));
        }

        Assert.Equal([3, 3, 2], pages.Select(page => page.Items.Count));
        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"list/{i}"), pages.SelectMany(page => page.Items).Select(item => item.Key));
        Assert.All(pages.SelectMany(page => page.Items), item => Assert.Equal("old", Encoding.UTF8.GetString(item.Value.Span)));
        Assert.Single(pages.Select(page => page.Revision).Distinct());
    }

    [Fact]
    public async Task List_OfNothing_GivesOneEmptyPage()
    {
        var page = Assert.Single(await Client.ListAsync("nothing/").ToListAsync());
        Assert.Empty(page.Items);
        Assert.True(page.Revision > 0);
    }

    [Fact]
    public async Task List_WhosePageIsOverTheLimit_TakesSmallerPages()
    {
        await using var narrow = EtcdClient.Open(new EtcdConfig([etcd.Process.Endpoint]) { MaxMessage = 64 * 1024 }, TimeProvider.System);
        for (var i = 0; i < 10; i++) await Client.PutAsync($"wide/{i}", new byte[20_000]);
        var pages = await narrow.ListAsync("wide/").ToListAsync();
        Assert.Equal(10, pages.Sum(page => page.Items.Count));
        Assert.True(pages.Count > 1);
        await Client.PutAsync("wide/x", new byte[100_000]);
        var e = await Assert.ThrowsAsync<EtcdException>(async () => await narrow.ListAsync("wide/").ToListAsync());
        Assert.Equal(EtcdError.TooLarge, e.Error);
    }

    [Fact]
    public async Task Delete_OfKeyAndOfPrefix_CountsWhatWasThere()
    {
        foreach (var key in (string[])["del/a", "del/b", "del/b/c", "delta"]) await Client.PutAsync(key, default);
        Assert.Equal(1, await Client.DeleteAsync("del/b"));
        Assert.Equal(0, await Client.DeleteAsync("del/b"));
        Assert.Equal(2, await Client.DeleteAsync("del/", prefix: true));
        Assert.NotNull((await Client.GetAsync("delta")).Item);
    }

    [Fact]
    public async Task Txn_Create_HoldsOnceAndThenShowsTheHolder()
    {
        var first = await Client.TxnAsync(EtcdTxn.Create("txn/leader", Bytes("one")));
        var second = await Client.TxnAsync(EtcdTxn.Create("txn/leader", Bytes("two")));
        Assert.True(first.Held);
        Assert.False(second.Held);
        Assert.Equal("one", Encoding.UTF8.GetString(Assert.Single(second.Found)!.Value.Span));
        Assert.Equal(first.Revision, second.Found[0]!.ModRevision);
    }

    [Fact]
    public async Task Txn_ByModRevision_WritesDeletesAndReads()
    {
        var revision = await Client.PutAsync("txn/a", Bytes("1"));
        EtcdTxn Swap() => new([new("txn/a", revision)], [EtcdOp.Put("txn/a", Bytes("2")), EtcdOp.Delete("txn/c"), EtcdOp.Get("txn/a"), EtcdOp.Get("txn/none")]);
        var result = await Client.TxnAsync(Swap());
        Assert.True(result.Held);
        Assert.Equal(["2", null], result.Found.Select(item => item is null ? null : Encoding.UTF8.GetString(item.Value.Span)));
        Assert.False((await Client.TxnAsync(Swap())).Held);
    }

    [Fact]
    public async Task Txn_Of129Operations_IsRefusedHere()
    {
        EtcdTxn Puts(int count) => new([], [.. Enumerable.Range(0, count).Select(i => EtcdOp.Put($"many/{i}", default))]);
        Assert.True((await Client.TxnAsync(Puts(128))).Held);
        var e = await Assert.ThrowsAsync<EtcdException>(() => Client.TxnAsync(Puts(129)));
        Assert.Equal(EtcdError.TooLarge, e.Error);
        Assert.Contains("129", e.Message);
    }

    [Theory]
    [InlineData(2 * 1024 * 1024, false)]
    [InlineData((1536 * 1024) - 512, false)]
    [InlineData((1536 * 1024) - 600, true)]
    public async Task Put_OfLargeValue_IsRefusedOverTheLimit(int size, bool taken)
    {
        if (taken)
        {
            await Client.PutAsync("large", new byte[size]);
            return;
        }

        var e = await Assert.ThrowsAsync<EtcdException>(() => Client.PutAsync("large", new byte[size]));
        Assert.Equal(EtcdError.TooLarge, e.Error);
        Assert.Contains("put large", e.Message);
    }

    [Fact]
    public async Task Put_OnLeaseThatIsGone_IsLeaseNotFound()
    {
        var e = await Assert.ThrowsAsync<EtcdException>(() => Client.PutAsync("leased", default, lease: 12345));
        Assert.Equal(EtcdError.LeaseNotFound, e.Error);
        Assert.Contains(etcd.Process.Endpoint.Port.ToString(), e.Message);
    }

    [Fact]
    public async Task Status_OfServer_TellsVersionAndCluster()
    {
        var status = await Client.StatusAsync();
        Assert.StartsWith("3.", status.Version);
        Assert.True(status.HasLeader);
        Assert.True(status.DatabaseBytes > 0);
        Assert.Equal(Client.ClusterId, status.ClusterId);
        Assert.NotEqual(0UL, status.ClusterId);
        Assert.Equal(etcd.Process.Endpoint.GetLeftPart(UriPartial.Authority), Client.Endpoint);
    }

    [Fact]
    public async Task Call_WithCancelledToken_IsOperationCanceled()
    {
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();
        var e = await Assert.ThrowsAsync<OperationCanceledException>(() => Client.GetAsync("x", cancel.Token));
        Assert.Equal(cancel.Token, e.CancellationToken);
    }
}
