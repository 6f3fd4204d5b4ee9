using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Mesh.Tests.Etcd;

public sealed class EtcdConfigFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("clustermesh-config-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Read_OfCiliumsFile_GivesEndpointsAndFiles()
    {
        var config = EtcdConfigFile.Read(Write("""
            # written by cilium
            endpoints:
            - https://west.mesh.cilium.io:2379
            - https://[fd00::1]:2379
            - https://west.mesh.cilium.io:2379
            trusted-ca-file: /var/lib/cilium/ca.crt
            key-file: 'keys/tls.key'
            cert-file: ../tls.crt
            insecure-skip-tls-verify: true
            """));
        Assert.Equal(["https://west.mesh.cilium.io:2379/", "https://[fd00::1]:2379/"], config.Endpoints.Select(endpoint => endpoint.AbsoluteUri));
        Assert.Equal("/var/lib/cilium/ca.crt", config.TrustedCaFile);
        Assert.Equal(Path.Combine(_directory, "keys/tls.key"), config.KeyFile);
        Assert.Equal(Path.Combine(Path.GetDirectoryName(_directory)!, "tls.crt"), config.CertFile);
    }

    [Fact]
    public void Read_WithoutFiles_IsPlain()
    {
        var config = EtcdConfigFile.Read(Write("endpoints: [\"http://127.0.0.1:2379\"]\ncert-file:\nkey-file: ''\n"));
        Assert.Equal((null, null, null), (config.TrustedCaFile, config.CertFile, config.KeyFile));
    }

    [Theory]
    [InlineData("", "", "not a YAML map")]
    [InlineData("- a", "", "not a YAML map")]
    [InlineData("endpoints: [", "", "not valid YAML")]
    [InlineData("trusted-ca-file: x", "endpoints", "not a list")]
    [InlineData("endpoints: []", "endpoints", "not a list")]
    [InlineData("endpoints: http://a:1", "endpoints", "not a list")]
    [InlineData("endpoints: [http://a:1, {}]", "endpoints[1]", "not a URL")]
    [InlineData("endpoints: ['a:2379']", "endpoints[0]", "\"a:2379\"")]
    [InlineData("endpoints: ['unix:///run/x']", "endpoints[0]", "https://host:port")]
    [InlineData("endpoints: ['https://u:p@a:2379']", "endpoints[0]", "https://host:port")]
    [InlineData("endpoints: ['https://a:2379/path']", "endpoints[0]", "https://host:port")]
    [InlineData("endpoints: ['https://a:1']\ncert-file: x", "key-file", "missing")]
    [InlineData("endpoints: ['https://a:1']\nkey-file: x", "cert-file", "missing")]
    [InlineData("endpoints: ['https://a:1']\ntrusted-ca-file: [x]", "trusted-ca-file", "not the path")]
    public void Read_OfBadFile_NamesFileAndField(string yaml, string field, string reason)
    {
        var path = Write(yaml);
        var e = Assert.Throws<EtcdConfigException>(() => EtcdConfigFile.Read(path));
        Assert.Equal(field, e.Field);
        Assert.StartsWith(path, e.Message);
        Assert.Contains(reason, e.Message);
    }

    [Fact]
    public void Read_OfAbsentFile_NamesIt()
    {
        var e = Assert.Throws<EtcdConfigException>(() => EtcdConfigFile.Read(Path.Combine(_directory, "none.yaml")));
        Assert.Contains("none.yaml", e.Message);
    }

    private string Write(string yaml)
    {
        var path = Path.Combine(_directory, "west.yaml");
        File.WriteAllText(path, yaml);
        return path;
    }
}
