using System.Text;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Publish;
using ClusterMesh.Mesh.Publish.Duties;
using ClusterMesh.Mesh.Publish.Export;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Mesh.Tests.Publish;

public sealed class NodeAndIpExportTests
{
    [Fact]
    public void Node_FromFlagsAlone_IsWritten() => Assert.Equal(
        """{"Name":"n1","Cluster":"c1","IPAddresses":[{"Type":"InternalIP","IP":"172.18.0.2"}],"IPv4AllocCIDR":{"IP":"10.1.0.0","Mask":"////AA=="},"IPv4SecondaryAllocCIDRs":null,"IPv6AllocCIDR":null,"IPv6SecondaryAllocCIDRs":null,"IPv4HealthIP":"","IPv6HealthIP":"","IPv4IngressIP":"","IPv6IngressIP":"","ClusterID":1,"Source":"local","EncryptionKey":0,"Labels":{},"Annotations":{},"WireguardPubKey":"","BootID":"b1"}""",
        Node(Sample.Config with { PodCidrs = ["10.1.0.0/24"], BootId = "b1" }, new ClusterObjects("c1")));

    [Fact]
    public void Node_WithItsObject_AddsAddressesLabelsAndCidrs()
    {
        var meta = new ObjectMeta(new("", "n1"), new Dictionary<string, string> { ["zone"] = "a", ["arch"] = "x" }, ObjectMeta.None);
        var node = new NodeObject(meta, [new("InternalIP", "172.18.0.2"), new("Hostname", "n1")], ["10.1.0.0/24", "fd00::/64", "10.2.0.0/16"]);
        var text = Node(Sample.Config, new ClusterObjects("c1") { Nodes = [new(Sample.Meta("n2", ""), [new("InternalIP", "9.9.9.9")], []), node] });

        Assert.Contains(""","IPAddresses":[{"Type":"InternalIP","IP":"172.18.0.2"},{"Type":"Hostname","IP":"n1"}],"IPv4AllocCIDR":{"IP":"10.1.0.0","Mask":"////AA=="},"IPv4SecondaryAllocCIDRs":[{"IP":"10.2.0.0","Mask":"//8AAA=="}],"IPv6AllocCIDR":{"IP":"fd00::","Mask":"//////////8AAAAAAAAAAA=="},"IPv6SecondaryAllocCIDRs":null""", text, StringComparison.Ordinal);
        Assert.Contains(""","Labels":{"arch":"x","zone":"a"}""", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Ip_OfAPod_IsCiliumsExampleByteForByte()
    {
        var export = new IpExport(Sample.Config);
        var exported = export.Export([new(Sample.Pod("echo-0", "10.1.1.5"), "k8s:app=echo;", true)], new Dictionary<string, uint> { ["k8s:app=echo;"] = 65537 });

        var (key, value) = Assert.Single(exported.Keys);
        Assert.Equal("cilium/state/ip/v1/default/10.1.1.5", key);
        Assert.Equal(
            """{"IP":"10.1.1.5","Mask":null,"HostIP":"172.18.0.2","ID":65537,"Key":0,"Metadata":"","K8sNamespace":"default","K8sPodName":"echo-0","K8sServiceAccount":"default","NamedPorts":[{"Name":"http","Port":8080,"Protocol":"TCP"}]}""",
            Sample.Text(value));
        Assert.True(export.IsOurs(value!.Value.Span));
        Assert.False(export.IsOurs("""{"HostIP":"172.18.0.3"}"""u8));
        Assert.False(export.IsOurs("junk"u8));
    }

    [Fact]
    public void Ip_PodWithoutAnIdentityYet_LeavesWhatStands()
    {
        var exported = new IpExport(Sample.Config).Export([new(Sample.Pod("echo-0", "10.1.1.5"), "k8s:app=echo;", true)], new Dictionary<string, uint>());

        Assert.Null(Assert.Single(exported.Keys).Value);
    }

    [Fact]
    public void Pods_OnlyThoseThatOthersReach_HaveIdentities()
    {
        var pods = new PodIdentities(Sample.Config);
        pods.Update(new ClusterObjects("c1")
        {
            Namespaces = [new(Sample.Meta("hidden", "", ("clustermesh.cilium.io/global", "false")))],
            Pods =
            [
                Sample.Pod("here", "10.1.1.1"), Sample.Pod("elsewhere", "10.1.1.2", "n2"), Sample.Pod("host", "172.18.0.2") with { HostNetwork = true },
                Sample.Pod("ended", "10.1.1.3") with { Phase = "Failed" }, Sample.Pod("pending", "x") with { Ips = [] },
                Sample.Pod("secret", "10.1.1.4") with { Meta = Sample.Meta("secret", "hidden") }, Sample.Pod("odd", "10.1.1.5", "n1", ("a b", "c")),
            ],
        });

        Assert.Equal(["here", "odd"], pods.Pods.Select(pod => pod.Pod.Key.Name));
        Assert.Equal("Pod default/odd", Assert.Single(pods.Problems).Subject);
    }

    [Fact]
    public void Config_IsCiliumsExampleByteForByte() => Assert.Equal(
        """{"id":1,"capabilities":{"syncedCanaries":true,"maxConnectedClusters":255,"serviceExportsEnabled":false}}""",
        Encoding.UTF8.GetString(ClusterConfigKeeper.Value(1)));

    private static string Node(PublishConfig config, ClusterObjects objects) => Sample.Text(new NodeExport(config).Export(objects).Keys["cilium/state/nodes/v1/c1/n1"]);
}
