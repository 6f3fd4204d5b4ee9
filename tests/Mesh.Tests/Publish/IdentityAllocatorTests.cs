using System.Text;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Publish;
using ClusterMesh.Mesh.Publish.Identities;
using ClusterMesh.Mesh.Publish.Sync;
using ClusterMesh.Mesh.Tests.Etcd;
using ClusterMesh.Tests;

namespace ClusterMesh.Mesh.Tests.Publish;

public sealed class IdentityAllocatorTests : IAsyncLifetime
{
    private static readonly WriteRate s_unbounded = new(1e9, 1e9, TimeProvider.System);
    private readonly PublishMeter _meter = new("c1", TimeProvider.System);
    private EtcdProcess _etcd = null!;
    private EtcdClient _client = null!;

    public async Task InitializeAsync()
    {
        _etcd = await EtcdProcess.StartAsync();
        _client = _etcd.Connect();
    }

    public async Task DisposeAsync()
    {
        _meter.Dispose();
        await _client.DisposeAsync();
        await _etcd.DisposeAsync();
    }

    [Fact]
    public async Task Want_TwoAgentsRaceForTheSameLabels_SameLabelsSameNumberAndOthersOthers()
    {
        await using var one = Start("172.18.0.2");
        await using var two = Start("172.18.0.3");
        var labels = Enumerable.Range(0, 300).Select(n => $"k8s:app=a{n};k8s:x/y=z;").ToArray();

        one.Allocator.Want(labels.ToHashSet());
        two.Allocator.Want(labels.Reverse().Append("k8s:only=two;").ToHashSet());
        await Eventually.TrueAsync(() => one.Allocator.Numbers.Count == 300 && two.Allocator.Numbers.Count == 301, "all have numbers", 60);

        Assert.All(labels, label => Assert.Equal(one.Allocator.Numbers[label], two.Allocator.Numbers[label]));
        Assert.Equal(301, two.Allocator.Numbers.Values.Distinct().Count());
        Assert.All(two.Allocator.Numbers.Values, id => Assert.InRange(id, 65536u, 131071u));
        var ids = await _client.KeysAsync("cilium/state/identities/v1/id/");
        Assert.Equal(301, ids.Count);
        Assert.All(ids, pair => Assert.Equal($"cilium/state/identities/v1/id/{two.Allocator.Numbers[Encoding.UTF8.GetString(pair.Value.Value.Span)]}", pair.Key));
        Assert.Equal(601, (await _client.KeysAsync("cilium/state/identities/v1/value/")).Count);
        Assert.Empty(await _client.KeysAsync("cilium/state/identities/v1/locks/"));
    }

    [Fact]
    public async Task Want_NoMore_TakesTheReferenceAwayAndAnotherAgentFindsTheSameNumber()
    {
        await using var one = Start("172.18.0.2");
        one.Allocator.Want(new HashSet<string> { "k8s:a=b;" });
        await Eventually.TrueAsync(() => one.Allocator.Synced && one.Allocator.Numbers.Count == 1, "it has a number");
        var id = one.Allocator.Numbers["k8s:a=b;"];

        one.Allocator.Want(new HashSet<string>());
        await Eventually.TrueAsync(async () => (await _client.KeysAsync("cilium/state/identities/v1/value/")).Count == 0, "the reference is gone");
        Assert.Equal("k8s:a=b;", await _client.TextAsync($"cilium/state/identities/v1/id/{id}"));

        await using var two = Start("172.18.0.3");
        two.Allocator.Want(new HashSet<string> { "k8s:a=b;" });
        await Eventually.TrueAsync(() => two.Allocator.Numbers.Count == 1, "the other has a number");
        Assert.Equal(id, two.Allocator.Numbers["k8s:a=b;"]);
    }

    [Fact]
    public async Task Number_DeletedBySomebody_IsMadeAgainAsItWas()
    {
        await using var one = Start("172.18.0.2");
        one.Allocator.Want(new HashSet<string> { "k8s:a=b;" });
        await Eventually.TrueAsync(() => one.Allocator.Numbers.Count == 1, "it has a number");
        var key = $"cilium/state/identities/v1/id/{one.Allocator.Numbers["k8s:a=b;"]}";

        await _client.DeleteAsync(key);

        await Eventually.TrueAsync(async () => await _client.TextAsync(key) == "k8s:a=b;", "the number is there again");
    }

    [Fact]
    public async Task Number_TakenByOthersMeanwhile_AnotherIsGiven()
    {
        await using var one = Start("172.18.0.2");
        one.Allocator.Want(new HashSet<string> { "k8s:a=b;" });
        await Eventually.TrueAsync(() => one.Allocator.Numbers.Count == 1, "it has a number");
        var id = one.Allocator.Numbers["k8s:a=b;"];

        await _client.PutAsync($"cilium/state/identities/v1/id/{id}", "k8s:other=x;"u8.ToArray());

        await Eventually.TrueAsync(() => one.Allocator.Numbers.GetValueOrDefault("k8s:a=b;", id) != id, "it has another number");
        Assert.Equal("k8s:a=b;", await _client.TextAsync($"cilium/state/identities/v1/id/{one.Allocator.Numbers["k8s:a=b;"]}"));
        Assert.Equal("k8s:other=x;", await _client.TextAsync($"cilium/state/identities/v1/id/{id}"));
    }

    [Fact]
    public async Task Collector_UnusedAtTwoLooks_DeletesOnlyThose()
    {
        await using var one = Start("172.18.0.2");
        one.Allocator.Want(new HashSet<string> { "k8s:used=1;", "k8s:unused=1;" });
        await Eventually.TrueAsync(() => one.Allocator.Numbers.Count == 2, "both have numbers");
        await _client.PutAsync("cilium/state/identities/v1/id/999999", "k8s:east=1;"u8.ToArray());
        one.Allocator.Want(new HashSet<string> { "k8s:used=1;" });
        await Eventually.TrueAsync(async () => (await _client.KeysAsync("cilium/state/identities/v1/value/")).Count == 1, "one is unused");
        var (collector, fence) = (Collector(), await FenceAsync());

        Assert.Equal(0, await collector.LookAsync(_client, fence, default));
        Assert.Equal(3, (await _client.KeysAsync("cilium/state/identities/v1/id/")).Count);
        Assert.Equal(1, await collector.LookAsync(_client, fence, default));
        Assert.Equal(["k8s:east=1;", "k8s:used=1;"], (await _client.KeysAsync("cilium/state/identities/v1/id/")).Values.Select(item => Encoding.UTF8.GetString(item.Value.Span)).Order(StringComparer.Ordinal));
        Assert.Empty(await _client.KeysAsync("cilium/state/identities/v1/locks/"));
    }

    [Fact]
    public async Task Collector_NoLongerLeads_DeletesNothing()
    {
        await _client.PutAsync("cilium/state/identities/v1/id/65540", "k8s:a=b;"u8.ToArray());
        var (collector, fence) = (Collector(), await FenceAsync());
        await _client.DeleteAsync(fence.Key);

        Assert.Equal(0, await collector.LookAsync(_client, fence, default) + await collector.LookAsync(_client, fence, default));
        Assert.NotNull(await _client.TextAsync("cilium/state/identities/v1/id/65540"));
    }

    [Fact]
    public async Task Collector_WhileNodesComeAndGo_NeverLosesANumberInUse()
    {
        await using var one = Start("172.18.0.2");
        var (collector, fence, labels) = (Collector(), await FenceAsync(), Enumerable.Range(0, 10).Select(n => $"k8s:a=b{n};").ToHashSet());
        using var end = new CancellationTokenSource();
        var collecting = Task.Run(async () =>
        {
            var deleted = 0;
            while (!end.IsCancellationRequested) deleted += await collector.LookAsync(_client, fence, default);
            return deleted;
        });

        for (var round = 0; round < 20; round++)
        {
            one.Allocator.Want(labels);
            await Eventually.TrueAsync(() => one.Allocator is { Synced: true, Numbers.Count: 10 }, "all have numbers");
            // Whoever has a number and its reference has the number in etcd, whatever the collector does at this moment.
            var ids = (await _client.KeysAsync("cilium/state/identities/v1/id/")).Keys;
            Assert.All(one.Allocator.Numbers.Values, id => Assert.Contains($"cilium/state/identities/v1/id/{id}", ids));
            one.Allocator.Want(new HashSet<string>());
            await Eventually.TrueAsync(() => one.Allocator is { Synced: true, Numbers.Count: 0 }, "all are given back");
            if (round % 4 == 0) await Eventually.TrueAsync(async () => (await _client.KeysAsync("cilium/state/identities/v1/id/")).Count == 0, "all are collected");
        }

        await end.CancelAsync();
        Assert.True(await collecting >= 10);
    }

    private static IdentityCollector Collector() => new(1, TimeSpan.FromMinutes(1), s_unbounded, TimeProvider.System);

    private async Task<EtcdCondition> FenceAsync() => new("lock", await _client.PutAsync("lock", "x"u8.ToArray()));

    private RunningAllocator Start(string nodeIp) => new(new(1, nodeIp, TimeSpan.FromMinutes(15), s_unbounded, new ThreadChance(), _meter), _etcd.Connect());

    private sealed class RunningAllocator : IAsyncDisposable
    {
        private readonly EtcdClient _own;
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _running;

        public RunningAllocator(IdentityAllocator allocator, EtcdClient own)
        {
            (Allocator, _own) = (allocator, own);
            _running = allocator.RunAsync(own, static () => { }, _stop.Token);
        }

        public IdentityAllocator Allocator { get; }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
            await _own.DisposeAsync();
            Allocator.Dispose();
            _stop.Dispose();
        }
    }
}
