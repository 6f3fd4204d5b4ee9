using System.Text;
using ClusterMesh.Mesh.Clusters.Reading;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Mesh.Tests.Clusters;

/// <summary>Nodes, addresses and identities as cilium.md 2 shows them.</summary>
public sealed class RecordReaderTests
{
    private const string Labels =
        "k8s:app=echo;k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name=default;k8s:io.cilium.k8s.policy.cluster=c1;" +
        "k8s:io.cilium.k8s.policy.serviceaccount=default;k8s:io.kubernetes.pod.namespace=default;";

    private readonly NodeReader _nodes = new("c1", 1);
    private readonly IpReader _ips = new(1, new());
    private readonly IdentityReader _identities = new("c1", 1);

    [Theory]
    [InlineData("""{"IP":"10.1.0.0","Mask":"////AA=="}""", "10.1.0.0/24")]
    [InlineData("\"10.1.0.0/24\"", "10.1.0.0/24")]
    [InlineData("null", null)]
    public void Node_EachFormOfCidr_IsRead(string cidr, string? expected)
    {
        var node = Node($$"""
            {"Name":"n1","Cluster":"c1","IPAddresses":[{"Type":"InternalIP","IP":"172.18.0.2"},{"Type":"Hostname","IP":"n1"},{"Type":"CiliumInternalIP","IP":"10.1.0.9"}],
            "IPv4AllocCIDR":{{cidr}},"IPv4SecondaryAllocCIDRs":null,"IPv6AllocCIDR":null,"IPv6SecondaryAllocCIDRs":null,"IPv4HealthIP":"10.1.0.7","IPv6HealthIP":"",
            "IPv4IngressIP":"10.1.0.8","IPv6IngressIP":"","ClusterID":1,"Source":"local","EncryptionKey":0,"Labels":{},"Annotations":{},"WireguardPubKey":"","BootID":"b"}
            """);

        Assert.Null(node.Ignored);
        Assert.Equal(expected, node.Value!.IPv4AllocCIDR?.ToString());
        Assert.Equal(3, node.Value.IPAddresses!.Count);
    }

    [Theory]
    [InlineData("null", IgnoredReason.BadJson)]
    [InlineData("""{"Name":"n1"}x""", IgnoredReason.BadJson)]
    [InlineData("""{"Name":"n1","Cluster":"c2","ClusterID":1}""", IgnoredReason.OtherCluster)]
    [InlineData("""{"Name":"n2","Cluster":"c1","ClusterID":1}""", IgnoredReason.NotItsKey)]
    [InlineData("""{"Name":"n1","Cluster":"c1","ClusterID":2}""", IgnoredReason.WrongClusterId)]
    [InlineData("""{"Name":"n1","Cluster":"c1"}""", IgnoredReason.WrongClusterId)]
    [InlineData("""{"Name":"n1","Cluster":"c1","ClusterID":1,"IPAddresses":[{"Type":"InternalIP","IP":"n1"}]}""", IgnoredReason.BadAddress)]
    [InlineData("""{"Name":"n1","Cluster":"c1","ClusterID":1,"IPAddresses":[null]}""", IgnoredReason.BadAddress)]
    [InlineData("""{"Name":"n1","Cluster":"c1","ClusterID":1,"IPv4HealthIP":"10.1"}""", IgnoredReason.BadAddress)]
    [InlineData("""{"Name":"n1","Cluster":"c1","ClusterID":1,"IPv4AllocCIDR":{"IP":"10.1.0.0","Mask":"AAAA/w=="}}""", IgnoredReason.BadJson)]
    [InlineData("""{"Name":"n1","Cluster":"c1","ClusterID":1,"IPv4AllocCIDR":{"IP":{},"Mask":7}}""", IgnoredReason.BadJson)]
    [InlineData("""{"Name":"n1","Cluster":"c1","ClusterID":1,"IPv4AllocCIDR":12}""", IgnoredReason.BadJson)]
    public void Node_NotBelieved_IsIgnored(string json, string reason) => Assert.Equal(reason, Node(json).Ignored);

    [Fact]
    public void Ip_CiliumsExample_IsRead()
    {
        var ip = Ip("10.1.1.5", """
            {"IP":"10.1.1.5","Mask":null,"HostIP":"172.18.0.2","ID":65537,"Key":0,"Metadata":"","K8sNamespace":"default","K8sPodName":"echo-0","K8sServiceAccount":"default","NamedPorts":[{"Name":"http","Port":8080,"Protocol":"TCP"}]}
            """).Value!;

        Assert.Equal((65537, "172.18.0.2", "echo-0"), (ip.ID, ip.HostIP, ip.K8sPodName));
        Assert.Equal(8080, Assert.Single(ip.NamedPorts!).Port);
    }

    [Fact]
    public void Ip_Host_BecomesRemoteNode() => Assert.Equal(6, Ip("10.1.1.5", """{"IP":"10.1.1.5","ID":1}""").Value!.ID);

    [Fact]
    public void Ip_Prefix_IsNamedWithItsLength() => Assert.Null(Ip("10.1.1.0/24", """{"IP":"10.1.1.0","Mask":"////AA==","ID":2}""").Ignored);

    [Theory]
    [InlineData("10.1.1.5", "{", IgnoredReason.BadJson)]
    [InlineData("10.1.1.5", """{"IP":"10.1.1.6","ID":65537}""", IgnoredReason.NotItsKey)]
    [InlineData("10.1.1.0/24", """{"IP":"10.1.1.0","ID":65537}""", IgnoredReason.NotItsKey)]
    [InlineData("10.1.1.0/25", """{"IP":"10.1.1.0","Mask":"////AA==","ID":65537}""", IgnoredReason.NotItsKey)]
    [InlineData("10.1.1.0/24", """{"IP":"10.1.1.0","Mask":"/wD/AA==","ID":65537}""", IgnoredReason.NotItsKey)]
    [InlineData("10.1.1.0/24", """{"IP":"10.1.1.0","Mask":"no","ID":65537}""", IgnoredReason.NotItsKey)]
    [InlineData("10.1.1.5", """{"IP":"10.1.1.5","HostIP":"n1","ID":65537}""", IgnoredReason.BadAddress)]
    [InlineData("10.1.1.5", """{"IP":"10.1.1.5","ID":131073}""", IgnoredReason.IdOutOfRange)]
    [InlineData("10.1.1.5", """{"IP":"10.1.1.5","ID":16842753}""", IgnoredReason.IdOutOfRange)]
    [InlineData("10.1.1.5", """{"IP":"10.1.1.5","ID":300}""", IgnoredReason.IdOutOfRange)]
    [InlineData("10.1.1.5", """{"IP":"10.1.1.5","ID":-1}""", IgnoredReason.IdOutOfRange)]
    [InlineData("10.1.1.5", """{"IP":"10.1.1.5","ID":65537,"NamedPorts":[{"Name":"http","Port":0,"Protocol":"TCP"}]}""", IgnoredReason.BadPort)]
    [InlineData("10.1.1.5", """{"IP":"10.1.1.5","ID":65537,"NamedPorts":[null]}""", IgnoredReason.BadPort)]
    public void Ip_NotBelieved_IsIgnored(string key, string json, string reason) => Assert.Equal(reason, Ip(key, json).Ignored);

    [Theory]
    [InlineData("10.1.1.5", true)]
    [InlineData("10.1.1.0/24", true)]
    [InlineData("fd00::5", true)]
    [InlineData("default/10.1.1.5", false)]
    [InlineData("0.0.0.0/0", false)]
    [InlineData("", false)]
    public void Ip_Key_IsAnAddressOrPrefix(string name, bool valid) => Assert.Equal(valid, _ips.TryKey(name, out _));

    [Fact]
    public void Identity_CiliumsExample_IsRead() => Assert.Equal(Labels, Identity(65537, Labels).Value);

    [Theory]
    [InlineData(255, Labels, IgnoredReason.IdOutOfRange)]
    [InlineData(300, Labels, IgnoredReason.IdOutOfRange)]
    [InlineData(131073, Labels, IgnoredReason.IdOutOfRange)]
    [InlineData(16842753, Labels, IgnoredReason.IdOutOfRange)]
    [InlineData(65537, "", IgnoredReason.BadLabels)]
    [InlineData(65537, "k8s:app=echo", IgnoredReason.BadLabels)]
    [InlineData(65537, "app=echo;", IgnoredReason.BadLabels)]
    [InlineData(65537, "k8s:app=e\nk8s;", IgnoredReason.BadLabels)]
    [InlineData(65537, "k8s:app=echo;", IgnoredReason.OtherCluster)]
    [InlineData(65537, "k8s:app=echo;k8s:io.cilium.k8s.policy.cluster=west;", IgnoredReason.OtherCluster)]
    [InlineData(65537, "k8s:io.cilium.k8s.policy.cluster=c1;k8s:io.cilium.k8s.policy.cluster=west;", IgnoredReason.OtherCluster)]
    [InlineData(65537, "any:io.cilium.k8s.policy.cluster=c1;", IgnoredReason.OtherCluster)]
    public void Identity_NotBelieved_IsIgnored(uint id, string labels, string reason) => Assert.Equal(reason, Identity(id, labels).Ignored);

    [Fact]
    public void Identity_NotUtf8_IsIgnored() => Assert.Equal(IgnoredReason.BadLabels, _identities.Read(65537, [0xff, 0xfe, (byte)';']).Ignored);

    [Theory]
    [InlineData("65537", true)]
    [InlineData("065537", false)]
    [InlineData("+65537", false)]
    [InlineData("99999999999", false)]
    [InlineData("id/65537", false)]
    [InlineData("", false)]
    public void Identity_Key_IsANumber(string name, bool valid) => Assert.Equal(valid, _identities.TryKey(name, out _));

    private Reading<NodeRecord> Node(string json) => _nodes.Read("n1", Encoding.UTF8.GetBytes(json));

    private Reading<IpRecord> Ip(string key, string json) => _ips.Read(key, Encoding.UTF8.GetBytes(json));

    private Reading<string> Identity(uint id, string labels) => _identities.Read(id, Encoding.UTF8.GetBytes(labels));
}
