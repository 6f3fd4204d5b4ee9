using System.Text.Json.Nodes;
using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Cli.Commands;
using ClusterMesh.Mesh.Pki;
using ClusterMesh.Tests;

namespace ClusterMesh.Cli.Tests.Commands;

/// <summary>West looks at east, through a copy of what connect wrote, spoilt in one way at a time.</summary>
public sealed class RemoteInspectCommandTests : IClassFixture<TwoClusters>, IDisposable
{
    private static readonly string[] s_steps =
        ["file", "certificate", "dns", "tcp", "tls", "etcd", "read", "no write", "no read outside", "cluster-config", "heartbeat", "canaries", "contents"];

    private readonly TemporaryDirectory _remotes = new();
    private readonly TwoClusters _clusters;

    public RemoteInspectCommandTests(TwoClusters clusters)
    {
        _clusters = clusters;
        foreach (var file in Directory.GetFiles(clusters.West.Home.Remotes))
            File.Copy(file, _remotes.File(Path.GetFileName(file)));
    }

    private TestCluster East => _clusters.East;

    private string Yaml => _remotes.File("east.yaml");

    [Fact]
    public async Task Inspect_OfAHealthyRemote_TicksEveryStepAndTellsWhatIsThere()
    {
        var (code, output) = await InspectAsync();
        Assert.True(code == 0, output);
        Assert.Equal(s_steps, output.Split('\n')[1..^1].Select(StepOf));
        Assert.Equal(s_steps.Length, output.Split('\n').Count(line => line.StartsWith("✓ ", StringComparison.Ordinal)));
        Assert.Contains("✓ certificate      remote-west, from ", output);
        Assert.Contains($"✓ dns              {East.Endpoint}: 127.0.0.1 is an address\n", output);
        Assert.Contains($"✓ tls              {East.Endpoint}: CN etcd, IP 127.0.0.1, from ", output);
        Assert.Contains("✓ etcd             etcd 3.4.", output);
        Assert.Contains("✓ read             user remote-west may read cilium/.heartbeat, cilium/cluster-config/east\n", output);
        Assert.Contains("✓ cluster-config   id 2, writes canaries, at most 255 clusters\n", output);
        Assert.Contains("✓ contents         1 node, 2 services, 1 identity, 1 address\n", output);
        Assert.DoesNotContain("to mend", output);
    }

    [Fact]
    public async Task Inspect_AsJson_HasTheSameSteps()
    {
        var (code, output, _) = await CommandLine.RunAsync("remote", "inspect", "east", "--config", _remotes.Path, "-o", "json");
        var json = JsonNode.Parse(output)!;
        Assert.Equal(0, code);
        Assert.True((bool)json["ok"]!);
        Assert.Equal(s_steps, json["steps"]!.AsArray().Select(step => (string)step!["step"]!));
        Assert.All(json["steps"]!.AsArray(), step => Assert.Equal("ok", (string)step!["verdict"]!));
    }

    [Fact]
    public async Task Inspect_LeavesTheRemoteAsItWas()
    {
        await using var root = East.As("root");
        var before = (await root.StatusAsync()).Revision;
        await InspectAsync();
        Assert.Equal(before, (await root.StatusAsync()).Revision);
    }

    [Fact]
    public async Task Inspect_WithoutAFile_TriesNothing()
    {
        File.Delete(Yaml);
        await FailsAsync("file", $"{Yaml}", "clustermesh connect");
    }

    [Theory]
    [InlineData("endpoints: [\n")]
    [InlineData("trusted-ca-file: east.ca.crt\n")]
    [InlineData("endpoints: [\"not a url\"]\n")]
    public async Task Inspect_WithBadYaml_SaysWhereAndTriesNothing(string yaml)
    {
        File.WriteAllText(Yaml, yaml);
        await FailsAsync("file", "east.yaml", "clustermesh connect");
    }

    [Fact]
    public async Task Inspect_WithAnExpiredCertificate_SaysSoBeforeItConnects()
    {
        Show("remote-west", TimeSpan.FromDays(-1));
        await FailsAsync("certificate", "expired: remote-west, from ", "issue it anew: clustermesh connect");
    }

    [Fact]
    public async Task Inspect_WithACertificateThatEndsSoon_Warns()
    {
        Show("remote-west", TimeSpan.FromDays(20));
        var (code, output) = await InspectAsync();
        Assert.Equal(0, code);
        Assert.Contains("\n! certificate      ends soon: remote-west, ", output);
        Assert.Contains("to mend: renew it: clustermesh connect", output);
    }

    [Fact]
    public async Task Inspect_WithTheKeyOfAnother_SaysSo()
    {
        File.Copy(East.Home.Key("etcd"), _remotes.File("east.key"), overwrite: true);
        await FailsAsync("certificate", "not the key of", "issue it anew: clustermesh connect");
    }

    [Fact]
    public async Task Inspect_OfANameThatNobodyKnows_FailsAtDns()
    {
        Point("https://no-such-host.invalid:2379");
        await FailsAsync("dns", "https://no-such-host.invalid:2379: no-such-host.invalid: ", "make the name known to this machine");
    }

    [Fact]
    public async Task Inspect_WhereNobodyListens_FailsAtTcp()
    {
        var endpoint = $"https://127.0.0.1:{EtcdProcess.FreePort()}";
        Point(endpoint);
        await FailsAsync("tcp", $"{endpoint}: port {new Uri(endpoint).Port}: Connection refused", "see that the remote's etcd runs");
    }

    [Fact]
    public async Task Inspect_WhereOneOfTwoEndpointsIsDown_TellsWhichAndGoesOnWithTheOther()
    {
        var dead = $"https://127.0.0.1:{EtcdProcess.FreePort()}";
        Point(dead, East.Endpoint);
        var (code, output) = await InspectAsync();
        Assert.Equal(1, code);
        Assert.Contains($"\n✗ tcp              {dead}: ", output);
        Assert.Contains($"\n✓ tls              {East.Endpoint}: ", output);
        Assert.Contains("\n✓ contents ", output);
    }

    [Fact]
    public async Task Inspect_WhenTheServerIsOfAnotherCa_SaysSo()
    {
        using var other = CertificateAuthority.Create("somebody else", TimeSpan.FromDays(1), TimeProvider.System);
        File.WriteAllText(_remotes.File("east.ca.crt"), other.CertificatePem);
        await FailsAsync("tls", "the server's certificate: signed by another CA than", "clustermesh connect DIR OTHER copies it");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("not PEM")]
    public async Task Inspect_WithoutACaThatCanBeRead_SaysSo(string? text)
    {
        File.Delete(_remotes.File("east.ca.crt"));
        if (text is not null) File.WriteAllText(_remotes.File("east.ca.crt"), text);
        await FailsAsync("tls", $"trusted-ca-file {_remotes.File("east.ca.crt")} cannot be used: ", "write it anew: clustermesh connect");
    }

    [Fact]
    public async Task Inspect_ByANameThatTheServersCertificateHasNot_SaysHowToIssueIt()
    {
        Point(East.Endpoint.Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        await FailsAsync("tls", "the server's certificate: it is not for localhost: CN etcd, IP 127.0.0.1", "clustermesh cert issue DIR etcd --ip 127.0.0.1 --dns localhost");
    }

    [Fact]
    public async Task Inspect_WhenTheServersCertificateIsExpired_SaysSo()
    {
        // etcd reads its files for every handshake.
        var good = (File.ReadAllText(East.Home.Certificate("etcd")), File.ReadAllText(East.Home.Key("etcd")));
        try
        {
            using var authority = HomeAuthority.Load(East.Home, TimeProvider.System);
            var old = authority.Issue(new("etcd", TimeSpan.FromDays(-1)) { Addresses = [System.Net.IPAddress.Loopback] }, TimeProvider.System);
            PemFiles.Write(East.Home.Directory, "etcd", old.CertificatePem, old.KeyPem);
            await FailsAsync("tls", "the server's certificate: expired: CN etcd", "renew it in the remote cluster, etcd takes it without a restart");
        }
        finally
        {
            PemFiles.Write(East.Home.Directory, "etcd", good.Item1, good.Item2);
        }
    }

    [Fact]
    public async Task Inspect_WhenTheServerRefusesOurCertificate_SaysSo()
    {
        Show(_clusters.West, "remote-west", TimeSpan.FromDays(100));
        await FailsAsync("tls", "is refused by the server", "--trusted-ca-file: clustermesh connect DIR OTHER --renew");
    }

    [Fact]
    public async Task Inspect_WithoutACertificate_WarnsAndIsRefusedByTheServer()
    {
        File.WriteAllText(Yaml, $"endpoints: [{East.Endpoint}]\ntrusted-ca-file: east.ca.crt\n");
        var output = await FailsAsync("tls", "our certificate is missing", "--trusted-ca-file");
        Assert.Contains("\n! certificate      the file names no cert-file and key-file\n", output);
    }

    [Fact]
    public async Task Inspect_OfAPortThatSpeaksNoTls_SaysSo()
    {
        await using var plain = await FakeAdmin.StartAsync(Samples.State());
        Point(plain.Url.Replace("http:", "https:", StringComparison.Ordinal));
        await FailsAsync("tls", "no TLS there", "etcd's client port");
    }

    [Fact]
    public async Task Inspect_AsAUserThatDoesNotExist_FailsAtReading()
    {
        Show("stranger", TimeSpan.FromDays(100));
        await FailsAsync("read", "user stranger may not read cilium/.heartbeat, cilium/cluster-config/east", "no user stranger with the role remote: `clustermesh connect` makes it");
    }

    [Fact]
    public async Task Inspect_OfTheEtcdOfAnotherCluster_SaysThatTheNameIsNotItsOwn()
    {
        foreach (var file in Directory.GetFiles(_remotes.Path))
            File.Move(file, file.Replace("east.", "north.", StringComparison.Ordinal));
        File.WriteAllText(_remotes.File("north.yaml"), File.ReadAllText(_remotes.File("north.yaml")).Replace("east.", "north.", StringComparison.Ordinal));
        var (code, output) = await InspectAsync("north");
        Assert.Equal(1, code);
        Assert.Contains("\n✗ read             user remote-west may not read cilium/cluster-config/north, only cilium/.heartbeat\n", output);
        Assert.Contains("to mend: this is the etcd of a cluster with another name than north", output);
    }

    [Fact]
    public async Task Inspect_AsAUserThatMayTooMuch_FindsBothAndGoesOn()
    {
        Show("agent-east", TimeSpan.FromDays(100));
        var (code, output) = await InspectAsync();
        Assert.Equal(1, code);
        Assert.Contains("\n✗ no write         user agent-east may write under cilium/state/: role too wide", output);
        Assert.Contains("\n✗ no read outside  user agent-east may read cilium/cache/", output);
        Assert.Contains("to mend: at the remote: give the user agent-east only the role remote", output);
        Assert.Contains("\n✓ contents ", output);
        await using var root = East.As("root");
        Assert.Null((await root.GetAsync("cilium/state/.clustermesh-inspect")).Item);
    }

    [Fact]
    public async Task Inspect_OfAClusterThatPublishedNothing_SaysWhatIsMissing()
    {
        await using var north = await TestCluster.StartAsync("north", 3);
        await TestCluster.Run("connect", _clusters.West.Home.Directory, north.Home.Directory);
        try
        {
            var (code, output, _) = await CommandLine.RunAsync("remote", "inspect", "north", "--config", _clusters.West.Home.Remotes);
            Assert.Equal(1, code);
            Assert.Contains("\n✗ cluster-config   cilium/cluster-config/north is missing\n", output);
            Assert.Contains("to mend: see that clustermesh-agent runs in north", output);
            Assert.Contains("\n✗ heartbeat        cilium/.heartbeat is missing", output);
            Assert.Contains("\n✗ canaries         missing: cilium/state/nodes/v1, cilium/state/services/v1, cilium/state/identities/v1, cilium/state/ip/v1\n", output);
            Assert.Contains("\n✓ contents         0 nodes, 0 services, 0 identities, 0 addresses\n", output);
        }
        finally
        {
            await TestCluster.Run("disconnect", _clusters.West.Home.Directory, north.Home.Directory);
        }
    }

    [Theory]
    [InlineData("cilium/cluster-config/east", """{"id":0}""", "✗ cluster-config   the id is not in 1..255: id 0, writes no canaries")]
    [InlineData("cilium/cluster-config/east", """{"id":2,"capabilities":{"maxConnectedClusters":511}}""", "✗ cluster-config   identities are numbered another way there")]
    [InlineData("cilium/cluster-config/east", "{", "✗ cluster-config   not the JSON of a cluster-config")]
    [InlineData("cilium/.heartbeat", "2026-01-01T00:00:00Z", "! heartbeat ")]
    [InlineData("cilium/.heartbeat", "2126-01-01T00:00:00Z", "! heartbeat ")]
    [InlineData("cilium/.heartbeat", "noon", "✗ heartbeat        'noon' is not a time")]
    [InlineData("cilium/synced/east/cilium/state/ip/v1", null, "✗ canaries         missing: cilium/state/ip/v1; present: cilium/state/nodes/v1,")]
    public async Task Inspect_OfStateThatIsNotWell_SaysWhat(string key, string? value, string expected)
    {
        await using var agent = East.As("agent-east");
        try
        {
            if (value is null) await agent.DeleteAsync(key);
            else await agent.PutAsync(key, System.Text.Encoding.UTF8.GetBytes(value));
            var (code, output) = await InspectAsync();
            Assert.Equal(expected[0] == '!' ? 0 : 1, code);
            Assert.Contains($"\n{expected}", output);
            Assert.Contains("to mend: ", output);
        }
        finally
        {
            await East.PublishAsync();
        }
    }

    [Fact]
    public async Task Inspect_WithoutConfig_LooksWhereTheEnvironmentSays()
    {
        var start = Program.With("remote", "inspect", "east");
        start.Environment[RemoteInspectCommand.Variable] = _remotes.Path;
        using var process = System.Diagnostics.Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("✓ contents", output);
    }

    [Theory]
    [InlineData("../east")]
    [InlineData("East")]
    public async Task Inspect_OfWhatIsNoClustersName_IsAUsageError(string name)
    {
        var (code, _, _) = await CommandLine.RunAsync("remote", "inspect", name, "--config", _remotes.Path);
        Assert.Equal(2, code);
    }

    public void Dispose() => _remotes.Dispose();

    /// <summary>The step fails as expected with this advice, and the ones after it are shown as not tried.</summary>
    private async Task<string> FailsAsync(string step, string seen, string mend)
    {
        var (code, output) = await InspectAsync();
        Assert.Equal(1, code);
        var lines = output.TrimEnd().Split('\n');
        var failed = Assert.Single(lines, line => line.StartsWith('✗'));
        Assert.Equal(step, StepOf(failed));
        Assert.Contains(seen, failed);
        Assert.Contains(mend, Assert.Single(lines, line => line.Contains("to mend: ") && lines[Array.IndexOf(lines, line) - 1] == failed));
        var after = s_steps[(Array.IndexOf(s_steps, step) + 1)..];
        Assert.Equal(after, lines[^after.Length..].Where(line => line.StartsWith("- ") && line.EndsWith(" not tried")).Select(StepOf));
        return output;
    }

    private Task<(int Code, string Output)> InspectAsync() => InspectAsync("east");

    private async Task<(int Code, string Output)> InspectAsync(string name)
    {
        var (code, output, errors) = await CommandLine.RunAsync("remote", "inspect", name, "--config", _remotes.Path);
        Assert.Equal("", errors);
        Assert.DoesNotContain("PRIVATE", output);
        return (code, output);
    }

    private static string StepOf(string line) => line[2..18].TrimEnd();

    private void Point(params string[] endpoints) =>
        File.WriteAllText(Yaml, $"endpoints: [{string.Join(", ", endpoints)}]\ntrusted-ca-file: east.ca.crt\ncert-file: east.crt\nkey-file: east.key\n");

    private void Show(string commonName, TimeSpan lifetime) => Show(East, commonName, lifetime);

    private void Show(TestCluster signer, string commonName, TimeSpan lifetime)
    {
        using var authority = HomeAuthority.Load(signer.Home, TimeProvider.System);
        var issued = authority.Issue(new(commonName, lifetime), TimeProvider.System);
        PemFiles.Write(_remotes.Path, "east", issued.CertificatePem, issued.KeyPem);
    }
}
