using System.Text;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Clusters.Reading;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Mesh.Tests.Clusters;

public sealed class ServiceReaderTests
{
    /// <summary>The example of cilium.md 2.</summary>
    private const string Echo =
        """
        {"cluster":"c1","namespace":"default","name":"echo","frontends":{"10.96.0.10":{"http":{"Protocol":"TCP","Port":80}}},
        "backends":{"10.1.1.5":{"http":{"Protocol":"TCP","Port":8080}}},"hostnames":{"10.1.1.5":"echo-0"},
        "zones":{"10.1.1.5":{"zone":"eu-1a","forZones":[{"name":"eu-1a"}]}},"labels":{},"selector":{"app":"echo"},"includeExternal":true,"shared":true,"clusterID":1}
        """;

    private readonly ServiceReader _reader = new("c1", 1, new());

    [Fact]
    public void Read_CiliumsExample_IsTheBackendsByPort()
    {
        var service = Read(Echo).Value!;

        Assert.Equal(new("default", "echo"), service.Key);
        var port = Assert.Single(service.Ports);
        Assert.Equal(("http", "TCP"), (port.Name, port.Protocol));
        Assert.Equal(new Backend("c1", "10.1.1.5", 8080, Zone: "eu-1a"), Assert.Single(port.Backends));
        Assert.Equal(1, service.BackendCount);
    }

    [Fact]
    public void Read_SeveralPorts_AreSortedAndEachBackendComesOnce()
    {
        var service = Read(With("""
            "backends":{"10.1.1.6":{"web":{"Protocol":"TCP","Port":80},"dns":{"Protocol":"UDP","Port":53}},
                        "10.1.1.10":{"web":{"Protocol":"TCP","Port":80}},"10.1.1.6":{"web":{"Protocol":"TCP","Port":80}},"FD00:0::5":{"":{"Protocol":"TCP","Port":81}}}
            """)).Value!;

        Assert.Equal(["", "dns", "web"], service.Ports.Select(port => port.Name));
        Assert.Equal(["[fd00::5]:81"], service.Ports[0].Backends.Select(backend => backend.Authority));
        Assert.Equal("UDP", service.Ports[1].Protocol);
        Assert.Equal(["10.1.1.10:80", "10.1.1.6:80"], service.Ports[2].Backends.Select(backend => backend.Authority));
    }

    [Theory]
    [InlineData("""{"cluster":"c1","namespace":"default","name":"echo","backends":null,"zones":null,"shared":true,"clusterID":1}""")]
    [InlineData("""{"cluster":"c1","namespace":"default","name":"echo","later":{"a":[1,{"b":null}]},"shared":true,"clusterID":1}""")]
    public void Read_NothingOrUnknownFields_IsAServiceWithoutBackends(string json) => Assert.Empty(Read(json).Value!.Ports);

    [Theory]
    [InlineData("""{"cluster":"c1","namespace":"default","name":"echo","shared":false,"clusterID":1}""")]
    [InlineData("""{"cluster":"c1","namespace":"default","name":"echo","clusterID":1}""")]
    public void Read_NotShared_IsAsIfNotThere(string json)
    {
        Assert.Null(Read(json).Value);
        Assert.Null(Read(json).Ignored);
    }

    [Theory]
    [InlineData("", IgnoredReason.BadJson)]
    [InlineData("null", IgnoredReason.BadJson)]
    [InlineData("[]", IgnoredReason.BadJson)]
    [InlineData("""{"cluster":"c1",""", IgnoredReason.BadJson)]
    [InlineData("""{"cluster":"c1","namespace":"default","name":"echo","shared":true,"clusterID":1} x""", IgnoredReason.BadJson)]
    [InlineData("""{"cluster":1,"namespace":"default","name":"echo","shared":true,"clusterID":1}""", IgnoredReason.BadJson)]
    [InlineData("""{"cluster":"c1","namespace":"default","name":"echo","shared":"true","clusterID":1}""", IgnoredReason.BadJson)]
    [InlineData("""{"cluster":"c1","namespace":"default","name":"echo","shared":true,"clusterID":1e99}""", IgnoredReason.BadJson)]
    [InlineData("""{"cluster":"c2","namespace":"default","name":"echo","shared":true,"clusterID":1}""", IgnoredReason.OtherCluster)]
    [InlineData("""{"namespace":"default","name":"echo","shared":true,"clusterID":1}""", IgnoredReason.OtherCluster)]
    [InlineData("""{"cluster":"c1","namespace":"other","name":"echo","shared":true,"clusterID":1}""", IgnoredReason.NotItsKey)]
    [InlineData("""{"cluster":"c1","namespace":"default","name":"echoes","shared":true,"clusterID":1}""", IgnoredReason.NotItsKey)]
    [InlineData("""{"cluster":"c1","namespace":"default","name":"echo","shared":true,"clusterID":2}""", IgnoredReason.WrongClusterId)]
    public void Read_NotThatService_IsIgnored(string json, string reason) => Assert.Equal(reason, Read(json).Ignored);

    [Theory]
    [InlineData("10.1.1.5%eth0", IgnoredReason.BadAddress)]
    [InlineData("fe80::1%1", IgnoredReason.BadAddress)]
    [InlineData("10.1", IgnoredReason.BadAddress)]
    [InlineData("010.1.1.5", IgnoredReason.BadAddress)]
    [InlineData("[fd00::5]", IgnoredReason.BadAddress)]
    [InlineData("0.0.0.0", IgnoredReason.BadAddress)]
    [InlineData("::", IgnoredReason.BadAddress)]
    [InlineData("echo.default", IgnoredReason.BadAddress)]
    [InlineData("", IgnoredReason.BadAddress)]
    public void Read_BadAddress_IsIgnored(string address, string reason) =>
        Assert.Equal(reason, Read(With("""
            "backends":{"10.1.1.6":{"http":{"Protocol":"TCP","Port":80}},"ADDRESS":{"http":{"Protocol":"TCP","Port":80}}}
            """.Replace("ADDRESS", address, StringComparison.Ordinal))).Ignored);

    [Theory]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    public void Read_BadPort_IsIgnored(string port) =>
        Assert.Equal(IgnoredReason.BadPort, Read(With("""
            "backends":{"10.1.1.6":{"http":{"Protocol":"TCP","Port":PORT}}}
            """.Replace("PORT", port, StringComparison.Ordinal))).Ignored);

    [Fact]
    public void Read_DeepJson_IsIgnored() =>
        Assert.Equal(IgnoredReason.BadJson, Read(With($"\"deep\":{new string('[', 1000)}{new string(']', 1000)}")).Ignored);

    [Fact]
    public void Read_MorePortsThanAnyServiceHas_IsIgnored()
    {
        var ports = string.Join(',', Enumerable.Range(1, 1_001).Select(port => $$"""
            "p{{port}}":{"Protocol":"TCP","Port":{{port}}}
            """));

        Assert.Equal(IgnoredReason.TooMany, Read(With($"\"backends\":{{\"10.1.1.6\":{{{ports}}}}}")).Ignored);
    }

    [Theory]
    [InlineData("default/echo", true)]
    [InlineData("echo", false)]
    [InlineData("/echo", false)]
    [InlineData("default/", false)]
    [InlineData("default/a/b", false)]
    [InlineData("Default/echo", false)]
    public void TryKey_IsNamespaceAndName(string name, bool valid) => Assert.Equal(valid, _reader.TryKey(name, out _));

    [Fact]
    public void Read_AfterABadOne_StartsAnew()
    {
        Read(With("""
            "backends":{"x":{"http":{"Protocol":"TCP","Port":0}}}
            """));

        Assert.Single(Read(Echo).Value!.Ports);
    }

    private Reading<RemoteService> Read(string json) => _reader.Read(new ObjectKey("default", "echo"), Encoding.UTF8.GetBytes(json));

    private static string With(string field) => $$"""{"cluster":"c1","namespace":"default","name":"echo",{{field}},"shared":true,"clusterID":1}""";
}
