using System.Diagnostics.Metrics;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Tests;

namespace ClusterMesh.Mesh.Tests.Clusters;

public sealed class RemoteClustersTests
{
    [Fact]
    public async Task Files_AddedChangedRemoved_ConnectReconnectAndDrain()
    {
        await using var east = await RemoteEtcd.ServingAsync("a", "b");
        await using var other = await RemoteEtcd.ServingAsync("a", "c");
        await using var north = await RemoteEtcd.StartAsync("north", 3);
        await north.FillAsync("z");
        await using var node = new MeshNode(remotes: ("north", north));
        await node.HasServicesAsync("north", "z");

        node.Connect("east", east);
        await node.HasServicesAsync("east", "a", "b");
        var kept = node.Of("east")!.Services[new("default", "a")];
        node.Connect("east", other);
        await node.HasServicesAsync("east", "a", "c");
        Assert.Same(kept, node.Of("east")!.Services[new("default", "a")]);
        Assert.All(node.Published.Where(remote => remote.Cluster == "east").SkipWhile(remote => remote.Services.Count < 2), remote => Assert.Contains(new("default", "a"), remote.Services));

        node.Disconnect("east");
        await Eventually.TrueAsync(() => node.Removed.Contains("east"), "removed is told");
        Assert.Null(node.Of("east"));
        Assert.Equal(RemotePhase.Ready, node.Of("north")!.Status.Phase);
    }

    [Fact]
    public async Task Trouble_OfOneRemote_TouchesNoOther()
    {
        await using var east = await RemoteEtcd.ServingAsync("a");
        await using var north = await RemoteEtcd.StartAsync("north", 3);
        await north.FillAsync("z");
        await using var node = new MeshNode(remotes: [("east", east), ("north", north)]);
        await node.IsAsync("east", RemotePhase.Ready);
        await node.IsAsync("north", RemotePhase.Ready);
        var before = node.Of("north")!.Status;

        east.Process.Kill();
        await node.IsAsync("east", RemotePhase.Disconnected);
        await north.ServiceAsync("y", "10.3.0.9");

        await node.HasServicesAsync("north", "y", "z");
        Assert.Equal((before.Since, 0), (node.Of("north")!.Status.Since, node.Of("north")!.Status.Failures));
    }

    [Fact]
    public async Task Files_BadOne_IsAProblem()
    {
        await using var east = await RemoteEtcd.ServingAsync("a");
        await using var node = new MeshNode(remotes: [("east", east), ("west", east)]);
        await node.IsAsync("east", RemotePhase.Ready);

        Assert.Contains("west is our own name", Assert.Single(node.Clusters.Problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_AreCiliumsSeriesForEachRemote()
    {
        await using var east = await RemoteEtcd.ServingAsync("a", "b");
        await east.NodeAsync("m1");
        await east.IpAsync("10.2.0.1", 131073);
        await using var node = new MeshNode(remotes: ("east", east));
        await Eventually.TrueAsync(() => node.Of("east") is { Status.Phase: RemotePhase.Ready, Ips.Count: 1, Nodes.Count: 1 }, "ready");
        var seen = new Dictionary<string, (long Value, Dictionary<string, object?> Tags)>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var labels = new Dictionary<string, object?>(tags.ToArray());
            // Other tests have meters of the same name.
            if (instrument.Meter.Name == RemoteMetrics.Name && (!labels.TryGetValue("target_cluster", out var target) || (Equals(target, "east") && value > 0))) seen[instrument.Name] = (value, labels);
        });
        listener.Start();
        listener.RecordObservableInstruments();

        Assert.Equal(
            ["cilium_clustermesh_remote_cluster_endpoints", "cilium_clustermesh_remote_cluster_nodes", "cilium_clustermesh_remote_cluster_readiness_status", "cilium_clustermesh_remote_cluster_services"],
            seen.Keys.Where(name => name.StartsWith("cilium_clustermesh_remote_cluster_", StringComparison.Ordinal)).Except(["cilium_clustermesh_remote_cluster_failures", "cilium_clustermesh_remote_cluster_last_failure_ts", "cilium_clustermesh_remote_cluster_cache_revocations"]).Order());
        Assert.Equal(["source_cluster", "source_node_name", "target_cluster"], seen["cilium_clustermesh_remote_cluster_services"].Tags.Keys.Order());
        Assert.Contains("clustermesh_remote_cluster_read", seen.Keys);
        Assert.Contains("cilium_clustermesh_remote_clusters", seen.Keys);
    }
}
