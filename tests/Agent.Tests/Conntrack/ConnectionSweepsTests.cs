using ClusterMesh.Agent.Conntrack;
using ClusterMesh.Bpf.Connections;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Tests;

namespace ClusterMesh.Agent.Tests.Conntrack;

public sealed class ConnectionSweepsTests
{
    private readonly CollectingLogger _log = new();
    private readonly List<int> _ended = [];
    private readonly ConnectionSweeps _sweeps;
    private Func<ConnectionSweep> _sweep = () => Found(0);

    public ConnectionSweepsTests() => _sweeps = new(() => _sweep(), ended => _ended.Add(ended.Count), new FakeTime(), _log);

    [Fact]
    public void Turn_OfAFullMap_TellsWhatEndedAndComesAgainSoon()
    {
        Assert.Equal(SweepPace.Longest, _sweeps.Turn());
        _sweep = () => Found((int)Limits.MaxConnections / 2, new ConnectionKey(), new ConnectionKey { SourcePort = new(1) });
        Assert.Equal(SweepPace.Shortest, _sweeps.Turn());
        Assert.Equal([0, 2], _ended);
        Assert.Equal((int)Limits.MaxConnections / 2, _sweeps.Last!.Live[ConnectionState.Established]);
    }

    [Fact]
    public void Turn_ThatFails_IsSaidOnceAndWhatWasFoundStays()
    {
        _sweep = () => Found(7);
        _sweeps.Turn();
        _sweep = () => throw new InvalidOperationException("no such map");
        Assert.Equal(SweepPace.Longest, _sweeps.Turn());
        _sweeps.Turn();
        Assert.Contains("connections cannot be swept, and the kernel makes room by itself: no such map", Assert.Single(_log.Lines), StringComparison.Ordinal);
        Assert.Equal(7, _sweeps.Last!.Live[ConnectionState.Established]);
    }

    private static ConnectionSweep Found(int established, params ConnectionKey[] ended) => new(
        new Dictionary<ConnectionState, int> { [ConnectionState.Established] = established }, [.. ended.Select(key => KeyValuePair.Create(key, default(Connection)))], ended.Length);
}
