using System.Collections.Immutable;
using ClusterMesh.Agent.LoadBalancing;
using ClusterMesh.Agent.Probes;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Schema;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Status;
using ClusterMesh.Mesh.Wire;

namespace ClusterMesh.Agent.Tests.LoadBalancing;

public sealed class ReachableSnapshotsTests
{
    private static readonly ObjectKey s_web = new("default", "web"), s_db = new("default", "db");

    private readonly SnapshotHub _hub = new();
    private readonly ReachableSnapshots _snapshots;

    private NodeReachability _nodes = NodeReachability.Unknown;
    private ImmutableArray<RemoteObjects> _remotes = [];

    public ReachableSnapshotsTests() => _snapshots = new("west", "n1", _hub, () => (_nodes, _remotes));

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
        Look("west/n2");
        Assert.Equal([BackendState.Active, BackendState.NotReady], States(s_web));
        Assert.True(_hub.Current!.Changed.IsDefault);

        // The next snapshot knows it as well, and what is not on that node is the same value.
        var next = Snapshot(2);
        _snapshots.Apply(next);
        Assert.Equal([BackendState.Active, BackendState.NotReady], States(s_web));
        Assert.Same(next.Services[s_db], _hub.Current!.Services[s_db]);

        Look();
        Assert.Same(next.Services[s_web], _hub.Current!.Services[s_web]);
    }

    [Fact]
    public void Look_TheSameNodesAreGone_NothingIsToldAgain()
    {
        _snapshots.Apply(Snapshot(1));
        Look("west/n2");
        var told = _hub.Current;
        Look("west/n2");
        Assert.Same(told, _hub.Current);
        _snapshots.Apply(_hub.Current! with { Version = 2, Services = Snapshot(2).Services });
        Assert.NotSame(told, _hub.Current);
    }

    [Fact]
    public void Apply_ANodeAnswersAgainAndSomethingElseChanges_MoreThanThatIsTold()
    {
        _snapshots.Apply(Snapshot(1));
        Look("west/n2");
        // The snapshot comes before the probes' own call.
        _nodes = Gone();
        _snapshots.Apply(Snapshot(2) with { Changed = [s_db] });
        Assert.Equal([BackendState.Active, BackendState.Active], States(s_web));
        Assert.True(_hub.Current!.Changed.IsDefault);
    }

    [Fact]
    public void Apply_AfterARestartWithANodeGone_ItsBackendsAreNotReadyAsSoonAsTheirPlaceIsKnown()
    {
        // What was gone before the restart is gone; where east's backends are is heard later.
        _nodes = Gone("east/n1");
        _snapshots.Apply(Snapshot(1, East));
        Assert.Equal([BackendState.Active, BackendState.Active, BackendState.Active], States(s_web));
        _remotes = [East1];
        _snapshots.Apply(Snapshot(2, East));
        Assert.Equal([BackendState.Active, BackendState.Active, BackendState.NotReady], States(s_web));
    }

    [Fact]
    public void Look_TheBackendIsOnAnotherNodeNow_ItIsActiveAgain()
    {
        (_nodes, _remotes) = (Gone("east/n1"), [East1]);
        _snapshots.Apply(Snapshot(1, East));
        Assert.Equal(BackendState.NotReady, States(s_web)[2]);
        _remotes = [East1 with { Ips = East1.Ips.SetItem(East.Address, new() { IP = East.Address, HostIP = "172.18.1.2" }) }];
        _snapshots.Look();
        Assert.Equal(BackendState.Active, States(s_web)[2]);
    }

    [Fact]
    public void Apply_ManySnapshots_OnlyTheServicesOfTheLastAreKept()
    {
        _nodes = Gone("west/n2");
        var first = ApplyAndForget(1);
        for (var version = 2; version < 10; version++) ApplyAndForget(version);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(first.IsAlive);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        WeakReference ApplyAndForget(long version)
        {
            var snapshot = Snapshot(version);
            _snapshots.Apply(snapshot);
            return new(snapshot.Services[s_web]);
        }
    }

    [Fact]
    public void Apply_NothingIsGone_WhatBecomesKnownOfPlacesIsNotToldAgain()
    {
        _snapshots.Apply(Snapshot(1, East));
        var told = _hub.Current;
        _remotes = [East1];
        _snapshots.Look();
        Assert.Same(told, _hub.Current);
    }

    private static Backend East => new("east", "10.2.0.7", 8080);

    /// <summary>Its pod is on n1, of two nodes.</summary>
    private static RemoteObjects East1 => new("east", RemoteStatus.Configured(DateTimeOffset.UnixEpoch))
    {
        Ips = ImmutableDictionary<string, IpRecord>.Empty.Add(East.Address, new() { IP = East.Address, HostIP = "172.18.1.1" }),
        Nodes = new[] { (Name: "n1", Ip: "172.18.1.1"), (Name: "n2", Ip: "172.18.1.2") }
            .ToImmutableDictionary(node => node.Name, node => new NodeRecord { Name = node.Name, Cluster = "east", ClusterID = 2, IPAddresses = [new("InternalIP", node.Ip)] }),
    };

    private void Look(params string[] gone)
    {
        _nodes = Gone(gone);
        _snapshots.Look();
    }

    private BackendState[] States(ObjectKey service) => [.. _hub.Current!.Services[service].Ports[0].Backends.Select(backend => backend.State)];

    private static NodeReachability Gone(params string[] nodes) => new(NodeReachability.Unknown.Nodes.AddRange(nodes.Concat(["west/n3", "east/n2"]).Select(
        name => KeyValuePair.Create(name, new NodeHealthStatus(nodes.Contains(name) ? "unreachable" : "reachable", null, DateTimeOffset.UnixEpoch, null)))));

    private static MeshSnapshot Snapshot(long version, params Backend[] more) => new(
        version, new("west"), ImmutableSortedDictionary<string, ClusterStatus>.Empty,
        ImmutableDictionary<ObjectKey, ServiceModel>.Empty.Add(s_web, Service(s_web, more, "n1", "n2")).Add(s_db, Service(s_db, [], "n1")), []) { Changed = [s_web, s_db] };

    private static ServiceModel Service(ObjectKey key, Backend[] more, params string[] nodes) => new(
        new(new(key), [new("http", 80)]), ServiceMode.NotGlobal,
        [new(new("http", 80), [.. nodes.Select((node, at) => new Backend("west", $"10.0.0.{at + 1}", 8080, Node: node)), .. more])]);
}
