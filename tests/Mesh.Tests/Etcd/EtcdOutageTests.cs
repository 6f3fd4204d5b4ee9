using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Tests;
using static ClusterMesh.Mesh.Tests.Etcd.WatchReading;

namespace ClusterMesh.Mesh.Tests.Etcd;

public sealed class EtcdOutageTests
{
    [Fact]
    public async Task Watch_OverKillAndRestart_LosesAndRepeatsNothing()
    {
        await using var etcd = await EtcdProcess.StartAsync();
        await using var client = Open(etcd.Endpoint);
        await using var writer = Open(etcd.Endpoint);
        var from = await client.PutAsync("w/0", Bytes("0"));
        await using var watch = client.WatchAsync("w/", from).GetAsyncEnumerator();
        var written = Task.Run(async () =>
        {
            for (var i = 1; i <= 300; i++)
            {
                if (i is 100 or 200)
                {
                    etcd.Kill();
                    await etcd.StartAgainAsync();
                }

                await PutSurelyAsync(writer, $"w/{i}");
            }
        });
        var seen = new List<string>();
        while (seen.Count < 301) seen.AddRange((await watch.NextAsync()).Events.Select(change => change.Key));
        await written;
        Assert.Equal(Enumerable.Range(0, 301).Select(i => $"w/{i}"), seen);
    }

    [Fact]
    public async Task Watch_AfterCompactionDuringOutage_EndsWithCompacted()
    {
        await using var etcd = await EtcdProcess.StartAsync();
        await using var client = Open(etcd.Endpoint);
        await using var writer = Open(etcd.Endpoint);
        using var relay = new Relay(etcd.Port);
        await using var reader = Open(relay.Endpoint);
        var from = await client.PutAsync("c/a", Bytes("1"));
        await using var watch = reader.WatchAsync("c/", from).GetAsyncEnumerator();
        await watch.TakeAsync(1);
        relay.Stop();
        await writer.PutAsync("c/a", Bytes("2"));
        var last = await writer.PutAsync("c/a", Bytes("3"));
        await etcd.CtlAsync("compact", $"{last}");
        relay.Start();
        Assert.Equal(EtcdError.Compacted, (await watch.EndAsync()).Error);
    }

    [Fact]
    public async Task Client_AfterAnotherEtcdTookThePlace_FailsWithClusterChangedForGood()
    {
        await using var etcd = await EtcdProcess.StartAsync();
        await using var client = Open(etcd.Endpoint);
        var from = await client.PutAsync("x/a", Bytes("1"));
        var id = client.ClusterId;
        await using var watch = client.WatchAsync("x/", from).GetAsyncEnumerator();
        await watch.TakeAsync(1);
        etcd.Kill();
        await etcd.StartAgainAsync(emptied: true);
        var end = await watch.EndAsync();
        Assert.Equal(EtcdError.ClusterChanged, end.Error);
        Assert.Contains($"{id:x}", end.Message);
        Assert.Equal(EtcdError.ClusterChanged, (await Assert.ThrowsAsync<EtcdException>(() => client.GetAsync("x/a"))).Error);
        await using var anew = Open(etcd.Endpoint);
        Assert.Null((await anew.GetAsync("x/a")).Item);
    }

    [Fact]
    public async Task Client_OfEmptiedEtcdWithTheSameId_SeesThatItsRevisionsWentBack()
    {
        await using var etcd = await EtcdProcess.StartAsync(null, "--initial-cluster-token", "same");
        await using var client = Open(etcd.Endpoint);
        await client.PutAsync("x/a", Bytes("1"));
        await client.PutAsync("x/a", Bytes("2"));
        var id = client.ClusterId;
        etcd.Kill();
        await etcd.StartAgainAsync(emptied: true);
        Assert.Equal(EtcdError.ClusterChanged, (await Assert.ThrowsAsync<EtcdException>(() => client.GetAsync("x/a"))).Error);
        await using var anew = Open(etcd.Endpoint);
        await anew.StatusAsync();
        Assert.Equal(id, anew.ClusterId);
    }

    [Fact]
    public async Task Watch_OfEtcdEmptiedAndFilledAgainPastIt_SeesAnotherHistory()
    {
        await using var etcd = await EtcdProcess.StartAsync(null, "--initial-cluster-token", "same");
        using var relay = new Relay(etcd.Port);
        await using var client = Open(relay.Endpoint);
        var from = await client.PutAsync("x/a", Bytes("1"));
        await using var watch = client.WatchAsync("x/", from).GetAsyncEnumerator();
        await watch.TakeAsync(1);
        relay.Stop();
        etcd.Kill();
        await etcd.StartAgainAsync(emptied: true);
        await using (var writer = Open(etcd.Endpoint))
        {
            for (var i = 0; i < 5; i++) await writer.PutAsync("x/b", Bytes("1"));
        }

        relay.Start();
        Assert.Equal(EtcdError.ClusterChanged, (await watch.EndAsync()).Error);
    }

    [Fact]
    public async Task Watch_WithoutAnyEndpoint_GivesUp()
    {
        await using var client = EtcdClient.Open(
            new EtcdConfig([Nobody(), Nobody()]) { GiveUp = TimeSpan.FromSeconds(1) }, TimeProvider.System);
        await using var watch = client.WatchAsync("x/", 1).GetAsyncEnumerator();
        var end = await watch.EndAsync();
        Assert.Equal(EtcdError.Unavailable, end.Error);
        Assert.Contains("refused", end.Message);
    }

    [Fact]
    public async Task Call_WithoutAnyEndpoint_IsUnavailableOnceItsTimeIsUp()
    {
        var nobody = Nobody();
        await using var client = EtcdClient.Open(new EtcdConfig([nobody]) { Timeout = TimeSpan.FromSeconds(1) }, TimeProvider.System);
        var e = await Assert.ThrowsAsync<EtcdException>(() => client.PutAsync("a", default));
        Assert.Equal(EtcdError.Unavailable, e.Error);
        Assert.Contains($"http://127.0.0.1:{nobody.Port}: put a: ", e.Message);
    }

    [Fact]
    public async Task Call_WithFirstEndpointGone_GoesToTheNextAndStaysThere()
    {
        await using var etcd = await EtcdProcess.StartAsync();
        await using var client = EtcdClient.Open(new EtcdConfig([Nobody(), etcd.Endpoint]), TimeProvider.System);
        await client.PutAsync("a", Bytes("1"));
        Assert.EndsWith($":{etcd.Port}", client.Endpoint);
        await client.GetAsync("a");
        Assert.EndsWith($":{etcd.Port}", client.Endpoint);
    }

    [Fact]
    public async Task Call_ToEndpointThatIsSilent_GoesToTheNext()
    {
        await using var etcd = await EtcdProcess.StartAsync();
        // Accepts connections and says nothing.
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        await using var client = EtcdClient.Open(new EtcdConfig([new($"http://{silent.LocalEndpoint}"), etcd.Endpoint]) { Timeout = TimeSpan.FromSeconds(6) }, TimeProvider.System);
        Assert.Null((await client.GetAsync("a")).Item);
        Assert.EndsWith($":{etcd.Port}", client.Endpoint);
    }

    [Fact]
    public async Task Call_WhileEtcdRestarts_WaitsForIt()
    {
        await using var etcd = await EtcdProcess.StartAsync();
        await using var client = Open(etcd.Endpoint);
        await client.PutAsync("a", Bytes("1"));
        etcd.Kill();
        var get = client.GetAsync("a");
        await etcd.StartAgainAsync();
        Assert.NotNull((await get).Item);
    }

    [Fact]
    public async Task Client_Disposed_EndsItsWatches()
    {
        await using var etcd = await EtcdProcess.StartAsync();
        var client = Open(etcd.Endpoint);
        var from = await client.PutAsync("a", Bytes("1"));
        await using var watch = client.WatchAsync("a", from).GetAsyncEnumerator();
        await watch.TakeAsync(1);
        await client.DisposeAsync();
        Assert.Contains("closed", (await watch.EndAsync()).Message);
    }

    private static EtcdClient Open(Uri endpoint) => EtcdClient.Open(new EtcdConfig([endpoint]), TimeProvider.System);

    private static Uri Nobody() => new($"http://127.0.0.1:{EtcdProcess.FreePort()}");

    /// <summary>A write that was cut off may have happened: written again, it would be there twice.</summary>
    private static async Task PutSurelyAsync(EtcdClient client, string key)
    {
        while (true)
        {
            try
            {
                await client.TxnAsync(EtcdTxn.Create(key, Bytes(key)));
                return;
            }
            catch (EtcdException e) when (e.Error == EtcdError.Unavailable)
            {
            }
        }
    }
}
