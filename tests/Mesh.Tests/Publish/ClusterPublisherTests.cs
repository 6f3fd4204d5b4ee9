using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Publish;
using ClusterMesh.Mesh.Sources;
using ClusterMesh.Tests;

namespace ClusterMesh.Mesh.Tests.Publish;

/// <summary>What one agent leaves in a real etcd.</summary>
public sealed class ClusterPublisherTests : IAsyncLifetime
{
    private const string Echo = "cilium/state/services/v1/c1/default/echo", Config = "cilium/cluster-config/c1";
    private static readonly ClusterObjects s_objects = Sample.Objects([Sample.Global("echo")], [Sample.Slice("echo", "10.1.1.5")], Sample.Pod("echo-0", "10.1.1.5", "n1", ("app", "echo")));

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
    public async Task Publish_First_WritesEverythingOnLeasesAndCanariesLast()
    {
        await using var agent = await StartAsync(s_objects);

        var keys = await _client.KeysAsync();
        var id = Assert.Single(keys.Keys, key => key.StartsWith("cilium/state/identities/v1/id/", StringComparison.Ordinal));
        var labels = Encoding.UTF8.GetString(keys[id].Value.Span);
        Assert.Equal(
            [
                "cilium/.clustermesh-lock/publish", "cilium/.heartbeat", Config, "cilium/state/identities/v1/value/" + labels + "/172.18.0.2", id,
                "cilium/state/ip/v1/default/10.1.1.5", "cilium/state/nodes/v1/c1/n1", Echo, "cilium/synced/c1/cilium/state/identities/v1",
                "cilium/synced/c1/cilium/state/ip/v1", "cilium/synced/c1/cilium/state/nodes/v1", "cilium/synced/c1/cilium/state/services/v1",
            ],
            keys.Keys.Order(StringComparer.Ordinal).OrderBy(key => key == id ? "cilium/state/identities/v1/valuf" : key, StringComparer.Ordinal));
        Assert.StartsWith("k8s:app=echo;k8s:io.cilium", labels, StringComparison.Ordinal);
        Assert.All(keys, pair => Assert.Equal(pair.Key == id, pair.Value.Lease == 0));
        var lastState = keys.Where(pair => pair.Key.StartsWith("cilium/state/", StringComparison.Ordinal)).Max(pair => pair.Value.ModRevision);
        Assert.All(keys.Where(pair => pair.Key.StartsWith("cilium/synced/", StringComparison.Ordinal)), pair => Assert.True(pair.Value.ModRevision > lastState));
        Assert.Matches("^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$", Encoding.UTF8.GetString(keys["cilium/.heartbeat"].Value.Span));
        await Eventually.TrueAsync(() => agent.Status.Identities == 1, "the identity is counted");
        Assert.Equal((true, "n1", 1, 1), (agent.Status.IsLeader, agent.Status.Leader, agent.Status.Services, agent.Status.Ips));
        Assert.Empty(agent.Status.Errors);
        Assert.Empty(agent.Status.Problems);
    }

    [Fact]
    public async Task Publish_Changed_WritesAndDeletesOnlyThat()
    {
        await using var agent = await StartAsync(s_objects with { Services = new[] { Sample.Global("echo"), Sample.Global("old") }.ToDictionary(service => service.Key) });
        var before = await _client.KeysAsync();

        agent.Publish(Sample.Objects([Sample.Global("echo"), Sample.Global("new")], [Sample.Slice("echo", "10.1.1.5", "10.1.1.6")], [.. s_objects.Pods]));
        await Eventually.TrueAsync(async () => await _client.TextAsync("cilium/state/services/v1/c1/default/new") is not null, "the new service is there");

        var after = await _client.KeysAsync();
        Assert.Contains("10.1.1.6", Encoding.UTF8.GetString(after[Echo].Value.Span), StringComparison.Ordinal);
        Assert.DoesNotContain("cilium/state/services/v1/c1/default/old", after.Keys);
        Assert.All(before.Where(pair => !pair.Key.Contains("/services/v1/c1/", StringComparison.Ordinal)), pair => Assert.Equal(pair.Value.ModRevision, after[pair.Key].ModRevision));
    }

    [Fact]
    public async Task Publish_NamespaceLeavesTheMesh_TakesItsKeysAway()
    {
        await using var agent = await StartAsync(s_objects);

        agent.Publish(s_objects with { Namespaces = [new NamespaceObject(Sample.Meta("default", "", ("clustermesh.cilium.io/global", "false")))] });

        await Eventually.TrueAsync(async () => (await _client.KeysAsync("cilium/state/")).Keys.All(key => key.Contains("/nodes/", StringComparison.Ordinal) || key.Contains("/id/", StringComparison.Ordinal)),
            "only the node, and the identity until it is collected, are left");
    }

    [Fact]
    public async Task Restart_NothingChanged_WritesNothingAgainAndDeletesWhatIsLeftOver()
    {
        var objects = s_objects with { Services = new[] { Sample.Global("echo"), Sample.Global("old") }.ToDictionary(service => service.Key) };
        await using (var first = await StartAsync(objects)) await first.StopAsync();
        var before = await _client.KeysAsync("cilium/state/");
        Assert.Equal(6, before.Count);

        await using var second = await StartAsync(s_objects);

        var after = await _client.KeysAsync("cilium/state/");
        Assert.Equal(before.Keys.Where(key => !key.EndsWith("/old", StringComparison.Ordinal)), after.Keys);
        Assert.All(after, pair => Assert.Equal((before[pair.Key].ModRevision, before[pair.Key].Lease), (pair.Value.ModRevision, pair.Value.Lease)));
    }

    [Fact]
    public async Task Leases_Revoked_KeysComeBackAndCanariesAfterThem()
    {
        await using var agent = await StartAsync(s_objects, Sample.Config with { LeaseTtl = TimeSpan.FromSeconds(2) });
        var before = await _client.KeysAsync();

        foreach (var lease in before.Values.Select(item => item.Lease).Where(lease => lease != 0).Distinct()) await _etcd.CtlAsync("lease", "revoke", $"{lease:x}");

        await Eventually.TrueAsync(async () => before.Keys.SequenceEqual((await _client.KeysAsync()).Keys), "all keys are back");
        await agent.SyncedAsync();
        var after = await _client.KeysAsync();
        var id = after.Keys.Single(key => key.Contains("/id/", StringComparison.Ordinal));
        Assert.Equal(before[id].ModRevision, after[id].ModRevision);
        Assert.True(after["cilium/synced/c1/cilium/state/services/v1"].ModRevision > after[Echo].ModRevision);
        Assert.True(after["cilium/synced/c1/cilium/state/ip/v1"].ModRevision > after["cilium/state/ip/v1/default/10.1.1.5"].ModRevision);
    }

    [Fact]
    public async Task Canaries_OfALiveLeader_AreOnALeaseThatEndsFirst()
    {
        await using var agent = await StartAsync(s_objects, Sample.Config with { LeaseTtl = TimeSpan.FromSeconds(20) });
        var leases = await _client.KeysAsync();

        var ttls = new Dictionary<string, int>();
        foreach (var key in new[] { Echo, "cilium/synced/c1/cilium/state/services/v1" })
        {
            var said = await _etcd.CtlAsync("lease", "timetolive", $"{leases[key].Lease:x}");
            ttls[key] = int.Parse(Regex.Match(said, @"granted with TTL\((\d+)s\)").Groups[1].Value, CultureInfo.InvariantCulture);
        }

        Assert.Equal([20, 10], ttls.Values);
    }

    [Fact]
    public async Task CanaryLease_Revoked_CanariesComeBackOnlyAfterWhatWentUnnoticed()
    {
        // The canaries' lease is asked for every 2 s, the services' every 4: that this one is gone must be found out before.
        await using var agent = await StartAsync(s_objects, Sample.Config with { LeaseTtl = TimeSpan.FromSeconds(12) });
        var before = await _client.KeysAsync();
        const string canary = "cilium/synced/c1/cilium/state/services/v1";

        foreach (var key in new[] { Echo, canary }) await _etcd.CtlAsync("lease", "revoke", $"{before[key].Lease:x}");

        await Eventually.TrueAsync(async () => (await _client.GetAsync(canary)).Item is not null, "the canary is back", 30);
        var after = await _client.KeysAsync();
        Assert.Contains(Echo, after.Keys);
        Assert.True(after[canary].ModRevision > after[Echo].ModRevision);
    }

    [Fact]
    public async Task CanaryLease_RevokedWithTheTerm_TheNextTermsCanariesWaitForLeasesThatGoAfterItBegan()
    {
        await using var agent = await StartAsync(s_objects, Sample.Config with { LeaseTtl = TimeSpan.FromSeconds(12) });
        var before = await _client.KeysAsync();
        const string canary = "cilium/synced/c1/cilium/state/services/v1", term = "cilium/.clustermesh-lock/publish";

        foreach (var key in new[] { canary, term }) await _etcd.CtlAsync("lease", "revoke", $"{before[key].Lease:x}");
        await Eventually.TrueAsync(async () => (await _client.GetAsync(term)).Item is not null, "the next term has begun");
        await _etcd.CtlAsync("lease", "revoke", $"{before[Echo].Lease:x}");

        await Eventually.TrueAsync(async () => (await _client.GetAsync(canary)).Item is not null, "the canary is back", 30);
        var after = await _client.KeysAsync();
        Assert.Contains(Echo, after.Keys);
        Assert.True(after[canary].ModRevision > after[Echo].ModRevision);
    }

    [Fact]
    public async Task ClusterId_Another_TakesCanariesAwayBeforeAnythingElseAndTellsAllAnew()
    {
        await using (var first = await StartAsync(s_objects)) await first.StopAsync();
        var start = (await _client.StatusAsync()).Revision;

        await using var second = await StartAsync(s_objects, Sample.Config with { ClusterId = 7 });
        await Eventually.TrueAsync(() => second.Status is { Synced: true, Identities: 1, Ips: 1 }, "the identity and the address are told anew");

        var after = await _client.KeysAsync();
        var id = uint.Parse(Encoding.UTF8.GetString(after.Single(pair => pair.Key.Contains("/identities/v1/value/", StringComparison.Ordinal)).Value.Value.Span), CultureInfo.InvariantCulture);
        Assert.Equal(7u, id >> 16);
        Assert.Contains($"\"ID\":{id}", Encoding.UTF8.GetString(after["cilium/state/ip/v1/default/10.1.1.5"].Value.Span), StringComparison.Ordinal);
        var history = new List<EtcdEvent>();
        await foreach (var batch in _client.WatchAsync("cilium/", start + 1))
        {
            history.AddRange(batch.Events);
            if (history.Any(happened => happened is { Key: "cilium/synced/c1/cilium/state/services/v1", Value: not null })) break;
        }

        var keys = history.Where(happened => happened.Key is Config or Echo || happened.Key.StartsWith("cilium/synced/c1/cilium/state/services", StringComparison.Ordinal)).Select(happened => (happened.Key, happened.Value is null)).ToList();
        Assert.Equal(("cilium/synced/c1/cilium/state/services/v1", true), keys[0]);
        Assert.Equal(("cilium/synced/c1/cilium/state/services/v1", false), keys[^1]);
        Assert.Contains((Echo, false), keys);
        Assert.Contains((Config, false), keys);
    }

    [Fact]
    public async Task Etcd_Emptied_EverythingComesBackWithTheSameIdentity()
    {
        await using var agent = await StartAsync(s_objects);
        var before = (await _client.KeysAsync()).Keys.ToArray();
        await _client.DisposeAsync();

        _etcd.Kill();
        await _etcd.StartAgainAsync(emptied: true);
        _client = _etcd.Connect();

        await Eventually.TrueAsync(async () => before.SequenceEqual((await _client.KeysAsync()).Keys), "the same keys are back", 30);
    }

    [Fact]
    public async Task Etcd_Away_NothingWaitsAndAllIsWrittenOnceItIsThere()
    {
        // One that dies before it has ever served may never serve again.
        await _client.PutAsync("x", default);
        _etcd.Kill();
        await using var agent = new Agent(_etcd, Sample.Config);
        agent.Publish(s_objects);
        await Eventually.TrueAsync(() => agent.Status.Errors.ContainsKey("nodes"), "the status says that etcd is away");
        Assert.False(agent.Status.Synced);

        await _etcd.StartAgainAsync();

        await agent.SyncedAsync();
        await Eventually.TrueAsync(() => agent.Status is { Errors.Count: 0, IsLeader: true, Synced: true }, "no errors are left");
        Assert.NotNull(await _client.TextAsync(Echo));
    }

    [Theory]
    [InlineData("put", Config, "{\"id\":2}")]
    [InlineData("del", Config)]
    public async Task Config_ChangedBySomebody_IsPutBack(params string[] command)
    {
        await using var agent = await StartAsync(s_objects);
        var (before, value) = ((await _client.KeysAsync())[Config].ModRevision, await _client.TextAsync(Config));

        await _etcd.CtlAsync(command);

        await Eventually.TrueAsync(async () => (await _client.GetAsync(Config)).Item is { } item && item.ModRevision > before && await _client.TextAsync(Config) == value, "the config is as it was");
    }

    [Fact]
    public async Task Value_LargerThanThisEtcdTakes_IsAProblemAndNobodyElseWaits()
    {
        await using var small = await EtcdProcess.StartAsync(null, "--max-request-bytes", "20000");
        await using var client = small.Connect();
        var many = Enumerable.Range(0, 1000).Select(n => $"10.2.{n >> 8}.{n & 255}").ToArray();
        await using var agent = new Agent(small, Sample.Config);

        agent.Publish(Sample.Objects([Sample.Global("a"), Sample.Global("big"), Sample.Global("z")], [Sample.Slice("big", many)]));

        await Eventually.TrueAsync(() => agent.Status.Problems.Any(problem => problem.Subject.EndsWith("/big", StringComparison.Ordinal)), "the problem is told");
        await agent.SyncedAsync();
        Assert.Equal(["cilium/state/services/v1/c1/default/a", "cilium/state/services/v1/c1/default/z"], (await client.KeysAsync("cilium/state/services/")).Keys);
    }

    private async Task<Agent> StartAsync(ClusterObjects objects, PublishConfig? config = null)
    {
        var agent = new Agent(_etcd, config ?? Sample.Config);
        agent.Publish(objects);
        await Eventually.TrueAsync(async () => agent.Status is { IsLeader: true, Synced: true } && (await _client.KeysAsync("cilium/synced/c1/")).Count == 4, "leads and is synced, with canaries");
        return agent;
    }
}
