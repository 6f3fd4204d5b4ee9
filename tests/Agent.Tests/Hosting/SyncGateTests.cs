using System.Collections.Immutable;
using ClusterMesh.Agent.Hosting;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Sources;
using ClusterMesh.Mesh.Status;
using ClusterMesh.Mesh.Wire;

namespace ClusterMesh.Agent.Tests.Hosting;

public sealed class SyncGateTests
{
    private readonly SnapshotHub _hub = new();
    private readonly SyncGate _gate;
    private long _version;

    public SyncGateTests() => _gate = new(_hub.Apply);

    [Fact]
    public void Apply_BeforeTheRemotesAreKnown_HoldsEverythingBack()
    {
        Apply();
        Assert.Null(_hub.Current);
        _gate.Expect([]);
        Assert.Equal(1, _hub.Current!.Version);
        Apply();
        Assert.Equal(2, _hub.Current!.Version);
    }

    [Fact]
    public void Apply_ARemoteIsNotHeardYet_WaitsForItAndSaysSo()
    {
        _gate.Expect(["east", "north"]);
        Apply(("east", "ready"), ("north", "connecting"));
        Assert.Equal(["north"], _gate.Missing);
        Assert.Null(_hub.Current);
        // East was heard; that it is lost again does not matter.
        Apply(("east", "disconnected"), ("north", "degraded"));
        Assert.Empty(_gate.Missing);
        Assert.Equal(2, _hub.Current!.Version);
        Assert.True(_gate.Opened.IsCompleted);
    }

    [Fact]
    public void Expect_AClusterThatTheWriterHasNotSeen_IsWaitedForToo()
    {
        Apply();
        _gate.Expect(["east"]);
        Assert.Null(_hub.Current);
        Apply(("east", "ready"));
        Assert.NotNull(_hub.Current);
    }

    [Fact]
    public void Open_TimeIsOver_LetsThroughAndNamesWhoWasMissing()
    {
        _gate.Expect(["east", "north"]);
        Apply(("east", "ready"), ("north", "connecting"));
        Assert.Equal(["north"], _gate.Open());
        Assert.Equal(1, _hub.Current!.Version);
        Apply(("north", "connecting"));
        Assert.Equal(2, _hub.Current!.Version);
    }

    private void Apply(params (string Name, string State)[] remotes)
    {
        var clusters = remotes.Select(remote => new ClusterStatus(remote.Name, false, "", remote.State, default)).Append(new("west", true, "", "synced", default));
        _gate.Apply(new(++_version, new ClusterObjects("west"), clusters.ToImmutableSortedDictionary(cluster => cluster.Name, cluster => cluster), ImmutableDictionary<ObjectKey, ServiceModel>.Empty, []));
    }
}
