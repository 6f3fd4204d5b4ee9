using ClusterMesh.Tests;
using System.Net;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Maps;

namespace ClusterMesh.Bpf.Tests.Kernel;

/// <summary>The wrappers, on the kernel's own maps.</summary>
public sealed class MapTests : IClassFixture<Programs>
{
    private readonly Programs _node;

    public MapTests(Programs node) => (_node = node).Clear();

    [KernelFact]
    public void Map_UpdateGetDelete_DoWhatTheySay()
    {
        var key = Programs.Addr("10.0.0.1");
        Assert.False(_node.Nodes.TryGet(key, out _));
        _node.Nodes.Update(key, new() { ClusterId = 1 });
        _node.Nodes.Update(key, new() { ClusterId = 2 });
        Assert.True(_node.Nodes.TryGet(key, out var node));
        Assert.Equal(2u, node.ClusterId);
        Assert.True(_node.Nodes.Delete(key));
        Assert.False(_node.Nodes.Delete(key));
    }

    [KernelFact]
    public void Map_ThousandsOfEntries_GoInOutAndAwayInBatches()
    {
        var keys = Enumerable.Range(0, 10_000).Select(i => new Address(new IPAddress(0x0a00_0000L + i))).ToArray();
        _node.Nodes.UpdateMany(keys, [.. keys.Select((_, i) => new Node { ClusterId = (uint)i })]);
        var read = _node.Nodes.Read().ToDictionary(entry => entry.Key, entry => entry.Value.ClusterId);
        Assert.Equal(keys.Select((key, i) => (key, (uint)i)).ToHashSet(), read.Select(entry => (entry.Key, entry.Value)).ToHashSet());
        // With one that is not there in the middle of those that are.
        _node.Nodes.Delete(keys[5000]);
        _node.Nodes.DeleteMany(keys);
        Assert.Empty(_node.Nodes.Read());
    }

    [KernelFact]
    public void Map_LongestPrefix_Wins()
    {
        _node.Peer("10.0.0.0/8", 1000);
        _node.Peer("10.1.0.0/16", 2000);
        Assert.True(_node.Ipcache.TryGet(new(IPNetwork.Parse("10.1.2.3/32")), out var peer));
        Assert.Equal(2000u, peer.Identity);
        Assert.Equal(2, _node.Ipcache.Read().Count);
    }

    [KernelFact]
    public void Map_Full_SaysWhichOne()
    {
        var keys = Enumerable.Range(0, (int)Limits.MaxEndpoints + 1).Select(i => new Address(new IPAddress(0x0a00_0000L + i))).ToArray();
        var error = Assert.Throws<BpfException>(() => _node.Endpoints.UpdateMany(keys, new Endpoint[keys.Length]));
        Assert.Contains("map endpoints", error.Message);
    }

    [KernelFact]
    public void Events_MoreThanTheRingHolds_AreCountedAsLost()
    {
        using var events = _node.OpenEvents();
        Drain(events);
        var before = _node.Metrics.Of(PassReason.LostEvent, Direction.Egress).Packets;
        TestRun.Run(_node.Program("container_entry", "container_entry"), Frames.UdpDatagram("10.1.1.11", 1, "10.1.2.11", 2), repeat: 20_000);
        var lost = _node.Metrics.Of(PassReason.LostEvent, Direction.Egress).Packets - before;
        Assert.NotEqual(0ul, lost);
        Assert.Equal(20_000ul, lost + (ulong)Drain(events));
    }

    private static int Drain(EventRing events)
    {
        var all = 0;
        while (events.Poll(TimeSpan.Zero) is { Count: > 0 and var some })
        {
            Assert.True(some <= EventRing.MostAtOnce);
            all += some;
        }

        return all;
    }
}
