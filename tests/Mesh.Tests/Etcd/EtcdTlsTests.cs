using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Tests;
using static ClusterMesh.Mesh.Tests.Etcd.WatchReading;

namespace ClusterMesh.Mesh.Tests.Etcd;

public sealed class EtcdTlsTests : IAsyncLifetime
{
    private readonly EtcdPki _pki = new();
    private EtcdProcess _etcd = null!;

    public async Task InitializeAsync() => _etcd = await EtcdProcess.StartAsync(_pki.Server);

    public async Task DisposeAsync()
    {
        await _etcd.DisposeAsync();
        _pki.Dispose();
    }

    [Fact]
    public async Task Client_WithCertificateOfTheCa_IsServed()
    {
        await using var client = Open(_pki.Client(_etcd.Endpoint, "root"));
        var from = await client.PutAsync("a", Bytes("1"));
        await using var watch = client.WatchAsync("a", from).GetAsyncEnumerator();
        Assert.Equal("a=1", Assert.Single(await watch.TakeAsync(1)).Text());
    }

    [Fact]
    public async Task Client_TrustingAnotherCa_IsATlsError()
    {
        using var other = new EtcdPki();
        var e = await RefusedAsync(_pki.Client(_etcd.Endpoint, "root") with { TrustedCaFile = other.Ca });
        Assert.Contains("certificate", e.Message);
    }

    [Fact]
    public async Task Client_WithCertificateOfAnotherCa_IsATlsError()
    {
        using var other = new EtcdPki();
        await RefusedAsync(other.Client(_etcd.Endpoint, "root") with { TrustedCaFile = _pki.Ca });
    }

    [Fact]
    public async Task Client_WithoutCertificate_IsATlsError() =>
        await RefusedAsync(new EtcdConfig([_etcd.Endpoint]) { TrustedCaFile = _pki.Ca });

    [Fact]
    public async Task Client_WithExpiredCertificate_IsATlsErrorThatSaysSo()
    {
        var config = _pki.Client(_etcd.Endpoint, "root", lifetime: TimeSpan.FromSeconds(-30));
        var e = await RefusedAsync(config);
        Assert.Contains($"our certificate {config.CertFile} (CN=root) expired at ", e.Message);
    }

    [Fact]
    public async Task Client_AskingForAnotherName_IsATlsError() =>
        await RefusedAsync(_pki.Client(new Uri($"https://localhost:{_etcd.Port}"), "root"));

    [Theory]
    [InlineData("trusted-ca-file", "ca.crt")]
    [InlineData("cert-file", "client.crt")]
    [InlineData("key-file", "client.key")]
    public async Task Client_WithoutOneOfItsFiles_NamesIt(string field, string file)
    {
        var config = _pki.Client(_etcd.Endpoint, "root");
        File.Delete(Path.Combine(_pki.Folder, file));
        var e = await RefusedAsync(config);
        Assert.Contains($"{field} {_pki.Folder}/{file}", e.Message);
    }

    [Fact]
    public async Task Client_WithFirstEndpointOfAnotherCa_GoesToTheNext()
    {
        using var other = new EtcdPki();
        await using var foreign = await EtcdProcess.StartAsync(other.Server);
        await using var client = Open(_pki.Client(_etcd.Endpoint, "root") with { Endpoints = [foreign.Endpoint, _etcd.Endpoint] });
        await client.PutAsync("a", Bytes("1"));
        Assert.EndsWith($":{_etcd.Port}", client.Endpoint);
    }

    [Fact]
    public async Task Files_RepairedOnDisk_ServeTheNextCall()
    {
        var config = _pki.Client(_etcd.Endpoint, "root", lifetime: TimeSpan.FromSeconds(-30));
        await using var client = Open(config);
        Assert.Equal(EtcdError.Tls, (await Assert.ThrowsAsync<EtcdException>(() => client.GetAsync("a"))).Error);
        _pki.Issue("root");
        Assert.Null((await client.GetAsync("a")).Item);
    }

    [Fact]
    public async Task Files_BrokenOnDisk_LeaveTheOldOnesInForce()
    {
        using var relay = new Relay(_etcd.Port);
        var config = _pki.Client(new Uri($"https://127.0.0.1:{relay.Endpoint.Port}"), "root");
        await using var client = Open(config);
        await client.PutAsync("a", Bytes("1"));
        await File.WriteAllTextAsync(config.CertFile!, "-----BEGIN CERTIFICATE-----\nhalf");
        relay.Stop();
        relay.Start();
        Assert.NotNull((await client.GetAsync("a")).Item);
        Assert.Equal(2, relay.Connections);
    }

    [Fact]
    public async Task Watch_WhenCertificateIsRenewed_GoesOnOverANewConnection()
    {
        using var relay = new Relay(_etcd.Port);
        await using var client = Open(_pki.Client(new Uri($"https://127.0.0.1:{relay.Endpoint.Port}"), "root"));
        var from = await client.PutAsync("r/a", Bytes("1"));
        await using var watch = client.WatchAsync("r/", from).GetAsyncEnumerator();
        await watch.TakeAsync(1);
        Assert.Equal(1, relay.Connections);
        _pki.Issue("root");
        // The watch looks at its files by itself: no call is made meanwhile.
        var next = watch.TakeAsync(1);
        await Eventually.TrueAsync(() => relay.Connections == 2, "there is a new connection");
        await using var writer = Open(_pki.Client(_etcd.Endpoint, "root", "writer"));
        await writer.PutAsync("r/b", Bytes("2"));
        Assert.Equal("r/b=2", Assert.Single(await next).Text());
    }

    private static async Task<EtcdException> RefusedAsync(EtcdConfig config)
    {
        await using var client = Open(config with { GiveUp = TimeSpan.FromSeconds(1) });
        var put = await Assert.ThrowsAsync<EtcdException>(() => client.PutAsync("a", default));
        Assert.True(put.Error == EtcdError.Tls, put.ToString());
        await using var watch = client.WatchAsync("a", 1).GetAsyncEnumerator();
        Assert.Equal(EtcdError.Tls, (await watch.EndAsync()).Error);
        return put;
    }

    private static EtcdClient Open(EtcdConfig config) => EtcdClient.Open(config, TimeProvider.System);
}
