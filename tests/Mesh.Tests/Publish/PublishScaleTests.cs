using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Publish;
using ClusterMesh.Tests;

namespace ClusterMesh.Mesh.Tests.Publish;

public sealed class PublishScaleTests : IAsyncLifetime
{
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
    public async Task Publish_ManyServicesThatKeepChanging_EndsWithTheNewestInFewTransactions()
    {
        var services = Enumerable.Range(0, 2500).Select(n => Sample.Global($"s{n}")).ToArray();
        var slices = services.ToDictionary(service => service.Key.Name, service => Sample.Slice(service.Key.Name, "10.1.0.1"));
        await using var agent = new Agent(_etcd, Sample.Config with { WritesPerSecond = 20 });
        agent.Publish(Sample.Objects(services, slices.Values));
        await Eventually.TrueAsync(() => agent.Status is { IsLeader: true, Synced: true }, "leads and is synced", 30);
        var keys = await _client.KeysAsync("cilium/state/services/");
        Assert.Equal(2500, keys.Count);
        Assert.All(keys.Values.GroupBy(item => item.Lease), lease => Assert.InRange(lease.Count(), 1, 1000));
        var before = (await _client.GetAsync("x")).Revision;

        for (var change = 0; change < 3000; change++)
        {
            slices[$"s{change % 1000}"] = Sample.Slice($"s{change % 1000}", $"10.2.{change >> 8}.{change & 255}");
            if (change % 10 == 0) agent.Publish(Sample.Objects(services, slices.Values));
        }

        agent.Publish(Sample.Objects(services, slices.Values));
        await Eventually.TrueAsync(() => agent.Status.Synced, "everything is written");

        keys = await _client.KeysAsync("cilium/state/services/");
        Assert.Equal(1000, keys.Values.Count(item => Sample.Text(item.Value).Contains("\"10.2.", StringComparison.Ordinal)));
        Assert.All(Enumerable.Range(2000, 1000), change =>
            Assert.Contains($"\"10.2.{change >> 8}.{change & 255}\"", Sample.Text(keys[$"cilium/state/services/v1/c1/default/s{change % 1000}"].Value), StringComparison.Ordinal));
        Assert.InRange((await _client.GetAsync("x")).Revision - before, 8, 500);
    }
}
