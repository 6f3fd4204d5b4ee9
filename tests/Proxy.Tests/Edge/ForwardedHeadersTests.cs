using System.Globalization;
using System.Net;
using ClusterMesh.Proxy.Tests.Support;

namespace ClusterMesh.Proxy.Tests.Edge;

/// <summary>What a backend is told about the client: never the client's own word, unless a trusted proxy speaks.</summary>
public class ForwardedHeadersTests
{
    private const string Sent =
        "X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: public.example\r\nX-Forwarded-Port: 443\r\nX-Real-IP: 1.2.3.4\r\n"
        + "Forwarded: for=1.2.3.4;proto=https\r\nX-Forwarded-Prefix: /p\r\nX-Forwarded-Scheme: https\r\nX-Scheme: https\r\nX-Original-Forwarded-For: 9.9.9.9\r\n"
        + "X-Forwarded-Client-Cert: By=spiffe://x\r\nX-Envoy-External-Address: 1.2.3.4\r\nX-Envoy-Internal: true\r\n";

    private static readonly ProxySettings s_trusting = new()
    {
        Cluster = MeshBuilder.Local,
        Edge = new() { TrustedProxies = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("127.0.0.0/8")] },
    };

    [Fact]
    public async Task UntrustedPeer_EverythingIsReplaced()
    {
        var (seen, port) = await ForwardAsync(Sent, null);
        Assert.Equal(("127.0.0.1", "http", "shop.example"), (seen["X-Forwarded-For"], seen["X-Forwarded-Proto"], seen["X-Forwarded-Host"]));
        Assert.Equal((port, "127.0.0.1"), (seen["X-Forwarded-Port"], seen["X-Real-IP"]));
        foreach (var name in new[] { "Forwarded", "X-Forwarded-Prefix", "X-Forwarded-Scheme", "X-Scheme", "X-Original-Forwarded-For", "X-Forwarded-Client-Cert", "X-Envoy-External-Address", "X-Envoy-Internal" })
        {
            Assert.Null(seen[name]);
        }
    }

    [Fact]
    public async Task TrustedPeer_ItsWordIsKeptAndAppendedTo()
    {
        var (seen, _) = await ForwardAsync(Sent, s_trusting);
        Assert.Equal(("1.2.3.4, 127.0.0.1", "https", "public.example"), (seen["X-Forwarded-For"], seen["X-Forwarded-Proto"], seen["X-Forwarded-Host"]));
        Assert.Equal(("443", "1.2.3.4"), (seen["X-Forwarded-Port"], seen["X-Real-IP"]));
        Assert.Equal("for=1.2.3.4;proto=https, for=127.0.0.1;host=\"shop.example\";proto=http", seen["Forwarded"]);
        Assert.Equal(("/p", "https", "https", "9.9.9.9"), (seen["X-Forwarded-Prefix"], seen["X-Forwarded-Scheme"], seen["X-Scheme"], seen["X-Original-Forwarded-For"]));
        Assert.Equal(("By=spiffe://x", "1.2.3.4", "true"), (seen["X-Forwarded-Client-Cert"], seen["X-Envoy-External-Address"], seen["X-Envoy-Internal"]));
    }

    [Fact]
    public async Task TrustedPeer_SaysNothing_TheConnectionSpeaks()
    {
        var (seen, port) = await ForwardAsync("", s_trusting);
        Assert.Equal(("127.0.0.1", "http", "shop.example"), (seen["X-Forwarded-For"], seen["X-Forwarded-Proto"], seen["X-Forwarded-Host"]));
        Assert.Equal((port, "127.0.0.1", null), (seen["X-Forwarded-Port"], seen["X-Real-IP"], seen["Forwarded"]));
    }

    [Fact]
    public async Task TrustedPeer_SeveralLines_AreOneList()
    {
        var (seen, _) = await ForwardAsync("X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 2.2.2.2, 3.3.3.3\r\n", s_trusting);
        Assert.Equal("1.1.1.1, 2.2.2.2, 3.3.3.3, 127.0.0.1", seen["X-Forwarded-For"]);
    }

    [Fact]
    public async Task OtherTrust_DoesNotCoverThisPeer()
    {
        var (seen, _) = await ForwardAsync(Sent, s_trusting with { Edge = new() { TrustedProxies = [IPNetwork.Parse("10.0.0.0/8")] } });
        Assert.Equal("127.0.0.1", seen["X-Forwarded-For"]);
    }

    [Theory]
    [InlineData("abc-123_x.y:z/w+=", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a\"b", false)]
    [InlineData("<script>", false)]
    [InlineData("caf\u00e9", false)]
    [InlineData("a,b", false)]
    public async Task RequestId_IsKeptWhenItIsSane(string sent, bool kept)
    {
        var (seen, _) = await ForwardAsync($"X-Request-Id: {sent}\r\n", null);
        if (kept) Assert.Equal(sent, seen["X-Request-Id"]);
        else Assert.Matches("^[0-9a-f]{32}$", seen["X-Request-Id"]);
    }

    [Fact]
    public async Task RequestId_TooLongOrTwice_IsMadeAnew()
    {
        Assert.Matches("^[0-9a-f]{32}$", (await ForwardAsync($"X-Request-Id: {new string('a', 129)}\r\n", null)).Seen["X-Request-Id"]);
        Assert.Matches("^[0-9a-f]{32}$", (await ForwardAsync("X-Request-Id: a\r\nX-Request-Id: b\r\n", null)).Seen["X-Request-Id"]);
    }

    [Fact]
    public async Task RequestId_NotSent_IsAnotherForEachRequest()
    {
        var ids = new HashSet<string?>();
        for (var i = 0; i < 3; i++) ids.Add((await ForwardAsync("", null)).Seen["X-Request-Id"]);
        Assert.Equal(3, ids.Count);
        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{32}$", id));
    }

    private static async Task<(RawMessage Seen, string Port)> ForwardAsync(string headers, ProxySettings? settings)
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"), settings);
        Assert.Equal(200, (await proxy.SendAsync($"GET / HTTP/1.1\r\nHost: shop.example\r\n{headers}\r\n")).Status);
        return (backend.Last, proxy.Http.Port.ToString(CultureInfo.InvariantCulture));
    }
}
