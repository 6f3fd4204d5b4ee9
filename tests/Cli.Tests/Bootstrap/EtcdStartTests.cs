using ClusterMesh.Cli.Bootstrap;

namespace ClusterMesh.Cli.Tests.Bootstrap;

public sealed class EtcdStartTests
{
    private static ClusterSettings At(params string[] endpoints) => new("west", 1, [.. endpoints.Select(endpoint => new Uri(endpoint))]);

    [Fact]
    public void CommandLine_ForAnAddress_HasNothingLeftToFillIn() => Assert.Equal(
        "etcd --name west --data-dir west/etcd-data --listen-client-urls https://127.0.0.1:2379 --advertise-client-urls https://127.0.0.1:2379"
        + " --listen-peer-urls http://127.0.0.1:2380 --initial-advertise-peer-urls http://127.0.0.1:2380 --initial-cluster west=http://127.0.0.1:2380"
        + " --cert-file west/etcd.crt --key-file west/etcd.key --trusted-ca-file west/ca.crt --client-cert-auth --auto-compaction-retention 1h --initial-cluster-token west-$(date +%s)",
        EtcdStart.CommandLine(new("west"), At("https://127.0.0.1:2379")));

    [Fact]
    public void CommandLine_ForAName_ListensEverywhereAndQuotesItsPaths()
    {
        var line = EtcdStart.CommandLine(new("my west"), At("https://etcd.west:2379"));
        Assert.Contains(" --listen-client-urls https://0.0.0.0:2379 --advertise-client-urls https://etcd.west:2379 ", line);
        Assert.Contains(" --data-dir 'my west/etcd-data' ", line);
    }

    [Fact]
    public void CertificateCommandLine_ForAllEndpoints_HasEachNameOnce() => Assert.Equal(
        "clustermesh cert issue west etcd --dns etcd.west --ip ::1 --dns west.mesh",
        EtcdStart.CertificateCommandLine(new("west"), At("https://etcd.west:2379", "https://[::1]:2379") with { Advertised = [new("https://west.mesh:443"), new("https://etcd.west:443")] }));
}
