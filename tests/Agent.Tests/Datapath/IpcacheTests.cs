using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Agent.Datapath;
using ClusterMesh.Agent.Datapath.Identities;
using ClusterMesh.Agent.Datapath.Ipcache;
using ClusterMesh.Agent.Datapath.Nodes;
using ClusterMesh.Agent.Options;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Schema;
using static ClusterMesh.Agent.Tests.Datapath.Scene;

namespace ClusterMesh.Agent.Tests.Datapath;

public sealed class IpcacheTests
{
    private static readonly MeshNodes s_nodes = Nodes([Written("n2", "172.18.0.2", "10.1.2.0/24")], East(Record("e1", "172.18.1.1", "10.2.1.0/24")));

    [Theory]
    [InlineData(RoutingMode.Tunnel, "172.18.0.2", "172.18.1.1")]
    [InlineData(RoutingMode.Hybrid, null, "172.18.1.1")]
    [InlineData(RoutingMode.Direct, null, null)]
    internal void Ranges_ByRouting_TunnelWhereTheyMust(RoutingMode routing, string? near, string? far)
    {
        var ranges = IpcacheLayers.Ranges(Net(routing), s_nodes);
        Assert.Equal(Peer(0), ranges[Prefix("10.1.1.0/24")]);
        Assert.Equal(Peer(0, near), ranges[Prefix("10.1.2.0/24")]);
        Assert.Equal(Peer(0, far), ranges[Prefix("10.2.1.0/24")]);
    }

    [Fact]
    public void Nodes_TheirAddresses_AreRemoteNodesAndOwnOnesTheHost()
    {
        var layer = IpcacheLayers.Nodes(Net(), s_nodes);
        Assert.Equal(Peer(6), layer[Prefix("172.18.1.1")]);
        Assert.Equal(Peer(6, "172.18.1.1"), layer[Prefix("10.2.1.1")]);
        Assert.Equal([Prefix("172.18.0.1"), Prefix("10.1.1.1")], IpcacheLayers.Host(Net()).Where(pair => pair.Value == Peer(1)).Select(pair => pair.Key));
    }

    [Fact]
    public void Pods_WithAndWithoutANumber_AreKnownOrUnknownNeverTheWorld()
    {
        var pods = new[] { Pod("a", "a", "west/n2", "10.1.2.5"), Pod("b", "b", null, "10.1.1.5") };
        var layer = IpcacheLayers.Pods(Net(), s_nodes, pods, labels => labels == "a" ? 0x10100u : null);
        Assert.Equal(Peer(0x10100, "172.18.0.2"), layer[Prefix("10.1.2.5")]);
        Assert.Equal(Peer(0), layer[Prefix("10.1.1.5")]);
    }

    [Fact]
    public void Cidrs_InsideOfPodRanges_AreLeftOut()
    {
        var cidrs = new Dictionary<IPNetwork, uint> { [IPNetwork.Parse("10.2.1.128/25")] = 1, [IPNetwork.Parse("10.2.1.0/24")] = 2, [IPNetwork.Parse("10.0.0.0/8")] = 3, [IPNetwork.Parse("fd00::/8")] = 4 };
        Assert.Equal([Prefix("10.0.0.0/8")], IpcacheLayers.Cidrs(s_nodes, cidrs).Keys);
    }

    [Fact]
    public void Table_LayersThatDiffer_TheMoreBelievedCountsAndTheOtherComesBack()
    {
        var table = new IpcacheTable();
        var (pods, remote, address) = (new LayerName(LayerKind.Pods), new LayerName(LayerKind.Remote, "east"), Prefix("10.1.2.5"));
        table.Set(remote, address, Peer(0x20100));
        table.Replace(pods, new() { [address] = Peer(0x10100) });
        Assert.True(table.TryGet(address, out var peer));
        Assert.Equal(0x10100u, peer.Identity);
        table.Dirty.Clear();
        table.Replace(pods, new() { [address] = Peer(0x10100) });
        Assert.Empty(table.Dirty);
        table.Replace(pods, []);
        Assert.Equal([address], table.Dirty);
        Assert.True(table.TryGet(address, out peer));
        Assert.Equal(0x20100u, peer.Identity);
        table.Remove(remote);
        Assert.False(table.TryGet(address, out _));
    }

    [Fact]
    public void Feed_OfARemote_PassesOnDifferencesAndNothingInOurRanges()
    {
        var table = new IpcacheTable();
        var feed = new RemoteFeed("east", Net(), table);
        var own = new RangeSet(s_nodes.OwnCidrs);
        var first = East() with
        {
            Ips = Ips(("10.2.1.5", 0x20100), ("10.2.1.6", 0x20101), ("10.1.2.5", 0x20102), ("fd00::1", 0x20100)),
            Identities = ImmutableDictionary<uint, string>.Empty.Add(0x20100, "k8s:app=a;"),
        };
        Assert.Equal([0x20100u], feed.Update(first, own).Set.Select(identity => identity.Id));
        Assert.Equal([Prefix("10.2.1.5"), Prefix("10.2.1.6")], table.Dirty.OrderBy(prefix => prefix.Address.ToString(), StringComparer.Ordinal));
        Assert.True(table.TryGet(Prefix("10.2.1.5"), out var peer));
        Assert.Equal(Peer(0x20100, "172.18.1.1"), peer);

        table.Dirty.Clear();
        Assert.Empty(feed.Update(first with { OldestChange = 1 }, own).Set);
        Assert.Empty(table.Dirty);
        Assert.Equal([0x20100u], feed.Update(first with { Ips = first.Ips.Remove("10.2.1.6"), Identities = first.Identities.Clear() }, own).Removed.ToArray());
        Assert.Equal([Prefix("10.2.1.6")], table.Dirty);
        feed.Remove();
        Assert.False(table.TryGet(Prefix("10.2.1.5"), out _));
    }

    [Fact]
    public void Feed_NamedPortsThatComeAndGo_AreToldWithTheIdentity()
    {
        var feed = new RemoteFeed("east", Net(), new());
        var named = Ips(("10.2.1.5", 0x20100)).SetItem("10.2.1.6", Ip("10.2.1.6", 0x20100) with { NamedPorts = [new("http", 8080, "TCP")] });
        var remote = East() with { Ips = named, Identities = ImmutableDictionary<uint, string>.Empty.Add(0x20100, "k8s:app=a;") };
        Assert.Equal([new ContainerPort("http", 8080)], Assert.Single(feed.Update(remote, new([])).Set).Ports.ToArray());
        Assert.Empty(Assert.Single(feed.Update(remote with { Ips = named.Remove("10.2.1.6") }, new([])).Set).Ports);
    }

    [Theory]
    [InlineData(0u, false)]
    [InlineData(6u, false)]
    [InlineData(1u, true)]
    [InlineData(0x10100u, true)]
    [InlineData(0x20100u, false)]
    [InlineData(0x01000100u, true)]
    public void Writer_BeforeEastIsHeard_LetsGoOnlyOfWhatEastCannotSay(uint identity, bool mayGo)
    {
        Assert.Equal(mayGo, IpcacheWriter.MayGo(Peer(identity), new(true, false, [1])));
        Assert.True(IpcacheWriter.MayGo(Peer(identity), Everybody));
    }

    private static ClusterPod Pod(string name, string labels, string? node, string address) =>
        new(new(new(new("default", name)), null, [address]), labels, node, [IPAddress.Parse(address)]);

    private static ImmutableDictionary<string, IpRecord> Ips(params (string Ip, long Id)[] ips) => ips.ToImmutableDictionary(ip => ip.Ip, ip => Ip(ip.Ip, ip.Id));

    private static IpRecord Ip(string ip, long id) => new() { IP = ip, ID = id, HostIP = "172.18.1.1" };
}
