using System.Net;
using ClusterMesh.Agent.Datapath.Nodes;
using ClusterMesh.Bpf.Contract;
using static ClusterMesh.Agent.Tests.Datapath.Scene;

namespace ClusterMesh.Agent.Tests.Datapath;

public sealed class MeshNodesTests
{
    [Fact]
    public void Of_OwnAndRemote_OwnFirstAndWithoutThisNode()
    {
        var nodes = Nodes([Written("n2", "172.18.0.2", "10.1.2.0/24"), Written("n1", "172.18.0.1", "10.1.1.0/24")], East(Record("e1", "172.18.1.1", "10.2.1.0/24")));
        Assert.Equal(["west/n2", "east/e1"], nodes.Others.Select(node => node.FullName));
        Assert.Equal(IPAddress.Parse("10.2.1.1"), Assert.Single(nodes.Others[1].Inner));
        Assert.Equal(["10.1.1.0/24", "10.1.2.0/24"], nodes.OwnCidrs.Select(cidr => cidr.ToString()));
        Assert.Empty(nodes.Refused);
    }

    [Theory]
    [InlineData("10.1.2.0/24")]
    [InlineData("10.1.2.128/25")]
    [InlineData("10.0.0.0/8")]
    public void Of_ARemoteRangeOverOurs_IsNotBelieved(string cidr)
    {
        var nodes = Nodes([Written("n2", "172.18.0.2", "10.1.2.0/24")], East(Record("e1", "172.18.1.1", cidr)));
        Assert.Empty(nodes.Others[1].PodCidrs);
        var problem = Assert.Single(nodes.Refused);
        Assert.Equal(("east", "Node e1", $"{cidr} overlaps another node's"), (problem.Cluster, problem.Subject, problem.Reason));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("0.0.0.0/0")]
    [InlineData("fd00::/64")]
    public void Of_ARangeThatIsNone_IsPassedOver(string cidr) => Assert.Empty(Nodes([Written("n2", "172.18.0.2", cidr)]).Others[0].PodCidrs);

    [Fact]
    public void Wanted_TwoClustersWithOneAddress_TheOwnMaySpeak()
    {
        var wanted = NodesReconciler.Wanted(Nodes([Written("n2", "172.18.0.2", "10.1.2.0/24")], East(Record("e1", "172.18.0.2", "10.2.1.0/24"), Record("e2", "172.18.1.2", "10.2.2.0/24"))));
        Assert.Equal(1u, wanted[new(IPAddress.Parse("172.18.0.2"))].ClusterId);
        Assert.Equal(2u, wanted[new(IPAddress.Parse("172.18.1.2"))].ClusterId);
        Assert.DoesNotContain(new Address(IPAddress.Parse("172.18.0.1")), wanted.Keys);
    }

    [Theory]
    [InlineData("10.1.0.0/16", true, true)]
    [InlineData("10.1.5.0/24", true, true)]
    [InlineData("10.0.0.0/8", false, true)]
    [InlineData("10.2.0.0/16", false, false)]
    [InlineData("0.0.0.0/0", false, true)]
    public void RangeSet_Asked_KnowsWhatItHoldsAndWhatItTouches(string cidr, bool holds, bool touches)
    {
        var ranges = new RangeSet([IPNetwork.Parse("10.1.0.0/16"), IPNetwork.Parse("192.168.0.0/24")]);
        Assert.Equal((holds, touches), (ranges.Contains(IPNetwork.Parse(cidr)), ranges.Overlaps(IPNetwork.Parse(cidr))));
    }
}
