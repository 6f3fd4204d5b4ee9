using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClusterMesh.Tests;

namespace ClusterMesh.Ingress.Tests.Hosting;

/// <summary>The gateway as its users run it: a process, files, sockets and signals.</summary>
public sealed class GatewayTests : IAsyncLifetime
{
    private readonly GatewayProcess _gateway = new();
    private NamedBackend _west = null!;
    private NamedBackend _east = null!;

    public async Task InitializeAsync()
    {
        _west = await NamedBackend.StartAsync("west");
        _east = await NamedBackend.StartAsync("east");
        GatewayProcess.Write(_gateway.East, "a.yaml", Manifest.Service("web", _east.Port, "service.cilium.io/global: 'true'"));
        GatewayProcess.Write(_gateway.West, "a.yaml", Manifest.Service("web", _west.Port, "service.cilium.io/global: 'true', service.cilium.io/affinity: local"));
        GatewayProcess.Write(_gateway.West, "b.yaml", Manifest.Ingress("web", "web.example", "web"));
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _west.DisposeAsync();
        await _east.DisposeAsync();
    }

    [Fact]
    public async Task Change_AffinityToggledInTheFile_MovesTraffic()
    {
        await _gateway.StartAsync();
        Assert.Equal((200, "west"), await _gateway.GetAsync("web.example"));
        foreach (var (affinity, cluster) in new[] { ("remote", "east"), ("local", "west") })
        {
            GatewayProcess.Write(_gateway.West, "a.yaml", Manifest.Service("web", _west.Port, $"service.cilium.io/global: 'true', service.cilium.io/affinity: {affinity}"));
            await Eventually.TrueAsync(async () => (await _gateway.GetAsync("web.example")).Body == cluster, $"affinity {affinity} goes to {cluster}");
        }

        var port = (await _gateway.StateAsync()).Services.Single().Ports.Single();
        Assert.Contains("affinity local", port.Why, StringComparison.Ordinal);
        Assert.NotNull(port.LastSwitch);
    }

    [Fact]
    public async Task Change_HalfWrittenFile_KeepsTheLastGoodAndSaysSo()
    {
        await _gateway.StartAsync();
        var whole = Manifest.Ingress("web", "web.example", "web");
        File.WriteAllText(Path.Combine(_gateway.West, "b.yaml"), whole[..whole.IndexOf("backend:", StringComparison.Ordinal)]);
        await Eventually.TrueAsync(() => _gateway.Log.Contains("b.yaml", StringComparison.Ordinal), "the broken file is named");
        Assert.Equal((200, "west"), await _gateway.GetAsync("web.example"));
        Assert.Contains((await _gateway.StateAsync()).Problems, problem => problem.Where?.StartsWith("b.yaml", StringComparison.Ordinal) == true);
        GatewayProcess.Write(_gateway.West, "b.yaml", whole);
        await Eventually.TrueAsync(async () => (await _gateway.StateAsync()).Problems.Count == 0, "the problem is gone");
        await Eventually.TrueAsync(() => _gateway.Log.Contains("no longer a problem", StringComparison.Ordinal), "the log says so");
    }

    [Fact]
    public async Task Explain_RouteAndNoRoute_SaysWhy()
    {
        await _gateway.StartAsync();
        var found = await _gateway.ExplainAsync("GET", "http://web.example/a/../b");
        Assert.Equal(("forward", "default/web web.example/", "affinity", "west"), (found.Outcome, found.Route, found.Reason, found.Cluster));
        Assert.Equal("path /a/../b is read as /b", found.Steps[0].Text);
        var missing = await _gateway.ExplainAsync("GET", "http://other.example/");
        Assert.Equal(("reject", 404, "no_route"), (missing.Outcome, missing.Status, missing.Reason));
    }

    [Fact]
    public async Task Tls_SecretReplaced_IsServedWithoutARestart()
    {
        const string Tls = "tls: [{ hosts: [web.example], secretName: web-tls }]";
        GatewayProcess.Write(_gateway.West, "b.yaml", Manifest.Ingress("web", "web.example", "web", tls: Tls));
        await _gateway.StartAsync();
        Assert.Equal("CN=clustermesh.local", await SubjectAsync("web.example"));
        Assert.Contains("web-tls", _gateway.Log, StringComparison.Ordinal);
        foreach (var name in new[] { "first", "second" })
        {
            var (certificate, key) = SelfSigned(name, "web.example");
            GatewayProcess.Write(_gateway.West, "tls.yaml", Manifest.TlsSecret("web-tls", certificate, key));
            await Eventually.TrueAsync(async () => await SubjectAsync("web.example") == $"CN={name}", $"the {name} certificate is served");
        }

        Assert.Equal("CN=clustermesh.local", await SubjectAsync("unknown.example"));
        var entry = Assert.Single((await _gateway.StateAsync()).Certificates);
        Assert.Equal(("web.example", "default/web-tls"), (entry.Host, entry.Secret));
        Assert.Equal(308, (await _gateway.GetAsync("web.example", "/x?y=1")).Status);
        Assert.DoesNotContain("PRIVATE KEY", _gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sigterm_WithRequestsUnderWay_FinishesThemAndLeaves()
    {
        await using var slow = await NamedBackend.StartAsync("slow", TimeSpan.FromSeconds(1));
        GatewayProcess.Write(_gateway.West, "c.yaml", Manifest.Service("slow", slow.Port) + "---\n" + Manifest.Ingress("slow", "slow.example", "slow"));
        await _gateway.StartAsync();
        var underWay = Enumerable.Range(0, 20).Select(_ => _gateway.GetAsync("slow.example")).ToArray();
        await Eventually.TrueAsync(async () => (await _gateway.StateAsync()).Services.Single(service => service.Name == "slow").Ports[0].Backends[0].InFlight == 20, "all are under way");
        _gateway.Terminate();
        await Eventually.TrueAsync(async () => await _gateway.StatusAsync("/readyz") == 503, "not ready any more");
        Assert.All(await Task.WhenAll(underWay), answer => Assert.Equal((200, "slow"), answer));
        Assert.Equal(0, await _gateway.WaitForExitAsync());
    }

    [Fact]
    public async Task Start_BadFlags_TellsAllErrorsAtOnce()
    {
        _gateway.Environment("CLUSTERMESH_INGRESS_DRAIN_DELAY", "soon");
        var file = Path.Combine(_gateway.West, "settings.conf");
        File.WriteAllText(file, "no-such-setting: 1\nmax-connections: many\n");
        Assert.Equal(2, await _gateway.ExitCodeAsync("--config", file, "--cluster", "West!", "--manifests", "/does/not/exist", "--http", "nowhere", "--peer", "east", "--trusted-proxy", "10.0.0.0/99"));
        foreach (var expected in new[]
        {
            "\"no-such-setting\" is not a setting", "--max-connections: \"many\" is not a number", "--drain-delay: \"soon\" is not a time",
            "--cluster: \"West!\": a cluster's name consists of", "--manifests: /does/not/exist is not a directory", "--http: \"nowhere\" is not ADDR:PORT",
            "--peer: \"east\" is not NAME=DIR", "--trusted-proxy: \"10.0.0.0/99\" is not an address range",
        })
        {
            Assert.Contains(expected, _gateway.Log, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Start_SettingsFromFileAndEnvironment_AreUsed()
    {
        var file = Path.Combine(_gateway.East, "settings.conf");
        File.WriteAllText(file, $"cluster: north\nmanifests: {_gateway.West}\npeer: [\"east={_gateway.East}\"]\nwarm-up: 0s\n");
        _gateway.Environment("CLUSTERMESH_INGRESS_CLUSTER", "west");
        await _gateway.StartAsync("--config", file);
        Assert.Equal("west", (await _gateway.StateAsync()).Gateway.Cluster);
    }

    private async Task<string> SubjectAsync(string serverName)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", _gateway.Https);
        await using var tls = new SslStream(socket.GetStream(), false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(serverName);
        return tls.RemoteCertificate!.Subject;
    }

    private static (string Certificate, string Key) SelfSigned(string name, string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(30));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
