using System.Collections.Immutable;
using ClusterMesh.Agent.LoadBalancing;
using ClusterMesh.Agent.Probes;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Status;
using ClusterMesh.Mesh.Wire;

namespace ClusterMesh.Agent.Tests.LoadBalancing;

public sealed class ReachableSnapshotsTests
{
    private static readonly ObjectKey s_web = new("default", "web"), s_db = new("default", "db");

    private readonly SnapshotHub _hub = new();
    private readonly ReachableSnapshots _snapshots;

    public ReachableSnapshotsTests() => _snapshots = new("west", "n1", _hub);

    [Fact]
    public void Apply_EveryNodeAnswers_TheSnapshotGoesOnAsItIs()
    {
        var snapshot = Snapshot(1);
        _snapshots.Apply(snapshot);
        Assert.Same(snapshot, _hub.Current);
    }

    [Fact]
    public void Look_ANodeIsGone_ItsBackendsAreNotReadyUntilItAnswers()
    {
        _snapshots.Apply(Snapshot(1));
        _snapshots.Look(Gone("west/n2"), []);
        Assert.Equal([BackendState.Active, BackendState.NotReady], States(s_web));
        Assert.True(_hub.Current!.Changed.IsDefault);

        // The next snapshot knows it as well, and what is not on that node is the same value.
        var next = Snapshot(2);
        _snapshots.Apply(next);
        Assert.Equal([BackendState.Active, BackendState.NotReady], States(s_web));
        Assert.Same(next.Services[s_db], _hub.Current!.Services[s_db]);

        _snapshots.Look(Gone(), []);
        Assert.Same(next.Services[s_web], _hub.Current!.Services[s_web]);
    }

    [Fact]
    public void Look_TheSameNodesAreGone_NothingIsToldAgain()
    {
        _snapshots.Apply(Snapshot(1));
        _snapshots.Look(Gone("west/n2"), []);
        var told = _hub.Current;
        _snapshots.Look(Gone("west/n2"), []);
        Assert.Same(told, _hub.Current);
        _snapshots.Apply(_hub.Current! with { Version = 2, Services = Snapshot(2).Services });
        Assert.NotSame(told, _hub.Current);
    }

    private BackendState[] States(ObjectKey service) => [.. _hub.Current!.Services[service].Ports[0].Backends.Select(backend => backend.State)];

    private static NodeReachability Gone(params string[] nodes) => new(NodeReachability.Unknown.Nodes.AddRange(nodes.Append("west/n3").Select(
        name => KeyValuePair.Create(name, new NodeHealthStatus(nodes.Contains(name) ? "unreachable" : "reachable", null, DateTimeOffset.UnixEpoch, null)))));

    private static MeshSnapshot Snapshot(long version) => new(
        version, new("west"), ImmutableSortedDictionary<string, ClusterStatus>.Empty,
        ImmutableDictionary<ObjectKey, ServiceModel>.Empty.Add(s_web, Service(s_web, "n1", "n2")).Add(s_db, Service(s_db, "n1")), []) { Changed = [s_web, s_db] };

    private static ServiceModel Service(ObjectKey key, params string[] nodes) => new(
        new(new(key), [new("http", 80)]), ServiceMode.NotGlobal,
        [new(new("http", 80), [.. nodes.Select((node, at) => new Backend("west", $"10.0.0.{at + 1}", 8080, Node: node))])]);
}
