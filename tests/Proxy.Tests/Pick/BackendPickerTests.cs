using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Proxy.Health;
using ClusterMesh.Proxy.Pick;
using ClusterMesh.Proxy.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterMesh.Proxy.Tests.Pick;

public sealed class BackendPickerTests
{
    private readonly HealthTable _health = new(new(), TimeProvider.System, NullLogger<HealthTable>.Instance);
    private readonly BackendPicker _picker = new(new ThreadChance());

    [Fact]
    public void First_ClusterWeights_AreExactAndEvenInsideEachCluster()
    {
        var (target, state) = Target(new() { Global = true, ClusterWeights = [new("w", 50), new("e", 50)] }, "w w e e");
        var seen = PickMany(target, state, 10_000).CountBy(picked => picked.Backend.Backend.Authority).ToDictionary();
        Assert.Equal(4, seen.Count);
        Assert.All(seen.Values, count => Assert.InRange(count, 2_490, 2_510));
    }

    [Fact]
    public void First_LostCluster_SaysFailoverForItsShareOnly()
    {
        var (target, state) = Target(new() { Global = true, ClusterWeights = [new("w", 75), new("e", 25)] }, "w w e e");
        foreach (var backend in state.Now.Backends.Where(backend => backend.Backend.Cluster == "e")) _health.Note(backend, EndReason.ConnectFailed, 0, 0, state.Now.Backends);
        var reasons = PickMany(target, state, 10_000).CountBy(picked => picked.Reason).ToDictionary();
        Assert.InRange(reasons[PoolReason.Failover], 2_490, 2_510);
        Assert.InRange(reasons[PoolReason.Weight], 7_490, 7_510);
        Assert.NotNull(state.LastSwitch);
        Assert.Contains("e has no healthy backend, its share goes to the others in proportion", state.LastSwitchWhy, StringComparison.Ordinal);
    }

    [Fact]
    public void First_PowerOfTwo_NeverTakesTheBusierOfTwo()
    {
        var (target, state) = Target(ServiceMode.NotGlobal, "w w");
        state.Now.Backends[0].Begin();
        Assert.All(PickMany(target, state, 100), picked => Assert.Same(state.Now.Backends[1], picked.Backend));
    }

    [Fact]
    public void First_RoundRobin_TakesTurns()
    {
        var (target, state) = Target(ServiceMode.NotGlobal, "w w w", new(LoadBalanceKind.RoundRobin));
        Assert.Equal([1, 2, 0, 1, 2, 0], PickMany(target, state, 6).Select(picked => Array.IndexOf(state.Now.Backends, picked.Backend)));
    }

    [Fact]
    public void First_Hash_KeepsKeysInPlaceWhenABackendGoes()
    {
        var (target, state) = Target(ServiceMode.NotGlobal, "w w w w", new(LoadBalanceKind.Hash, new(HashKeyKind.Header, "x-user")));
        var before = Enumerable.Range(0, 500).Select(user => PickFor(target, state, user)).ToArray();
        Assert.Equal(4, before.Distinct().Count());
        Assert.Equal(before, Enumerable.Range(0, 500).Select(user => PickFor(target, state, user)));
        var gone = state.Now.Backends[2];
        _health.Note(gone, EndReason.ConnectFailed, 0, 0, state.Now.Backends);
        for (var user = 0; user < 500; user++)
        {
            if (!ReferenceEquals(before[user], gone)) Assert.Same(before[user], PickFor(target, state, user));
        }
    }

    [Fact]
    public void First_NoBackend_IsNull()
    {
        var (target, state) = Target(ServiceMode.NotGlobal, "");
        Assert.Null(_picker.First(target, state.Now, default));
    }

    [Theory]
    [InlineData(false, "w")]
    [InlineData(true, "e")]
    public void RetryNext_LastAttempt_GoesToTheOtherCluster(bool last, string cluster)
    {
        var (_, state) = Target(new() { Global = true, Affinity = Affinity.Local }, "w w e e");
        var tried = new List<BackendHealth> { state.Now.Backends.First(backend => backend.Backend.Cluster == "w") };
        var next = RetryPicker.Next(state.Now, tried, last)!.Value;
        Assert.Equal(cluster, next.Backend.Backend.Cluster);
        Assert.Equal(last ? PoolReason.Failover : PoolReason.Affinity, next.Reason);
        Assert.DoesNotContain(next.Backend, tried);
    }

    [Fact]
    public void RetryNext_AllTried_IsNull()
    {
        var (_, state) = Target(ServiceMode.NotGlobal, "w w");
        Assert.Null(RetryPicker.Next(state.Now, [.. state.Now.Backends], lastAttempt: false));
    }

    private Picked[] PickMany(Target target, ServicePortState state, int times) =>
        [.. Enumerable.Range(0, times).Select(_ => _picker.First(target, state.Now, new(new HeaderDictionary(), "/", "", IPAddress.Loopback))!.Value)];

    private BackendHealth PickFor(Target target, ServicePortState state, int user) =>
        _picker.First(target, state.Now, new(new HeaderDictionary { ["x-user"] = $"user-{user}" }, "/", "", IPAddress.Loopback))!.Value.Backend;

    private (Target Target, ServicePortState State) Target(ServiceMode mode, string clusters, LoadBalance balance = default)
    {
        ImmutableArray<Backend> backends = [.. clusters.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((cluster, index) => new Backend(cluster, $"10.0.0.{index}", 80))];
        var state = new ServicePortState(new("default", "web"), 80, "w", _health, TimeProvider.System);
        state.Update(mode, backends);
        return (new(new(new("default", "web"), 80, 1), "default/web:80", state, balance, new()) { Turns = new() }, state);
    }
}
