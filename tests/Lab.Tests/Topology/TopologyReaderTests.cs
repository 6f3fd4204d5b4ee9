using System.Net;
using ClusterMesh.Cli.Lab;
using ClusterMesh.Cli.Lab.Topology;

namespace ClusterMesh.Lab.Tests.Topology;

public sealed class TopologyReaderTests
{
    [Fact]
    public void Topology_ThatComesWithTheCommand_IsTwoClustersOfTwoNodes()
    {
        var topology = TopologyReader.Read(Path.Combine(AppContext.BaseDirectory, "config/lab/topology.yaml"));
        Assert.Equal(["cluster-1", "cluster-2"], topology.Clusters.Select(cluster => cluster.Name));
        Assert.Equal("tunnel", topology.Routing);
        Assert.Equal(
            [
                new NodePlan("cluster-2", "cluster-2-node-1", IPAddress.Parse("172.31.2.11"), IPNetwork.Parse("10.2.1.0/24")),
                new NodePlan("cluster-2", "cluster-2-node-2", IPAddress.Parse("172.31.2.12"), IPNetwork.Parse("10.2.2.0/24")),
            ],
            topology.Clusters[1].NodePlans);
    }

    [Fact]
    public void Topology_WithLittleWritten_HasDefaults()
    {
        var topology = Read("clusters: [{ name: west, podCIDR: 10.1.0.0/16 }, { name: east, podCIDR: 10.2.0.0/16 }]");
        Assert.Equal([1, 2], topology.Clusters.Select(cluster => cluster.Id));
        Assert.All(topology.Clusters, cluster => Assert.Equal((1, IPNetwork.Parse("10.96.0.0/16")), (cluster.Nodes, cluster.ServiceCidr)));
        Assert.True(topology.Wan.IsNone);
    }

    [Fact]
    public void Wan_WithDelayAndLoss_HasBoth() =>
        Assert.Equal(new LinkFault(TimeSpan.FromMilliseconds(20), 0.005), Read("{ clusters: [{ name: a, podCIDR: 10.1.0.0/16 }], wan: { delay: 20ms, loss: 0.5% } }").Wan);

    [Theory]
    [InlineData("[]", "lab.yaml: one map is expected, with clusters in it")]
    [InlineData("routing: tunnel", "lab.yaml: clusters: a list with at least one is needed")]
    [InlineData("{ clusters: [{ name: a, podCIDR: 10.1.0.0/16 }], rooting: direct }", "lab.yaml: rooting: is not known here; known are clusters, routing, wan")]
    [InlineData("{ clusters: [{ name: a, podCIDR: 10.1.0.0/16 }], routing: magic }", "lab.yaml: routing: 'magic' is not one of tunnel, direct, hybrid")]
    [InlineData("{ clusters: [{ name: a, podCIDR: 10.1.0.0/16 }], wan: { delay: soon } }", "lab.yaml: wan.delay: 'soon' is not a time such as 20ms")]
    [InlineData("{ clusters: [{ name: a, podCIDR: 10.1.0.0/16 }], wan: { loss: 200% } }", "lab.yaml: wan.loss: '200%' is not a share such as 1%")]
    [InlineData("clusters: [{ podCIDR: 10.1.0.0/16 }]", "lab.yaml: clusters[0].name: is needed")]
    [InlineData("clusters: [{ name: a }]", "lab.yaml: clusters[0].podCIDR: is needed, such as 10.1.0.0/16")]
    [InlineData("clusters: [{ name: a, podCIDR: fd00::/64 }]", "lab.yaml: clusters[0].podCIDR: 'fd00::/64' is not an IPv4 network such as 10.1.0.0/16")]
    [InlineData("clusters: [{ name: a, podCIDR: 10.1.0.0/16, nodes: 0 }]", "lab.yaml: clusters[0].nodes: a number from 1 to 100 is expected")]
    [InlineData("clusters: [{ name: a, podCIDR: 10.1.0.0/16, id: 256 }]", "lab.yaml: clusters[0].id: cluster id 256 is not in 1..255")]
    [InlineData("clusters: [{ name: a, podCIDR: 10.1.0.0/16, manifests: [nowhere] }]", "lab.yaml: clusters[0].manifests: /topologies/nowhere is not there")]
    [InlineData("clusters: [{ name: a, podCIDR: 10.1.0.0/23, nodes: 2 }]", "lab.yaml: clusters: podCIDR 10.1.0.0/23 of a has no /24 for each of 2 nodes")]
    [InlineData("clusters: [{ name: a, podCIDR: 10.1.0.0/16 }, { name: a, podCIDR: 10.2.0.0/16 }]", "lab.yaml: clusters: the name a is there twice")]
    [InlineData("clusters: [{ name: a, podCIDR: 10.1.0.0/16, id: 2 }, { name: b, podCIDR: 10.2.0.0/16 }]", "lab.yaml: clusters: the id 2 is there twice")]
    [InlineData("clusters: [{ name: a, podCIDR: 10.1.0.0/16 }, { name: b, podCIDR: 10.0.0.0/12 }]", "lab.yaml: clusters: podCIDR 10.1.0.0/16 of a and podCIDR 10.0.0.0/12 of b overlap")]
    [InlineData("clusters: [{ name: a, podCIDR: 172.16.0.0/12 }]", "lab.yaml: clusters: podCIDR 172.16.0.0/12 of a and the underlay 172.31.0.0/16 overlap")]
    [InlineData("clusters: [{ name: a, podCIDR: 10.1.0.0/16, serviceCIDR: 10.1.128.0/20 }]", "lab.yaml: clusters: podCIDR 10.1.0.0/16 of a and serviceCIDR 10.1.128.0/20 of a overlap")]
    public void Topology_ThatCannotBe_IsRefusedByField(string yaml, string expected) =>
        Assert.Equal(expected, Assert.Throws<LabException>(() => Read(yaml)).Message.Replace("/topologies/lab.yaml", "lab.yaml"));

    private static LabTopology Read(string yaml) => TopologyReader.ReadText(yaml, "/topologies/lab.yaml");
}
