using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Tests.Support;

namespace ClusterMesh.Proxy.Tests.Failover;

/// <summary>affinity: cookie.</summary>
public class SessionCookieTests
{
    private static readonly RoutePolicy s_session = new() { Session = new() };

    [Fact]
    public async Task Client_WithItsCookie_StaysWithItsBackend()
    {
        await using var one = Numbered(1);
        await using var two = Numbered(2);
        await using var three = Numbered(3);
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", one, two, three).Route("web", s_session));
        for (var client = 0; client < 6; client++)
        {
            var first = await proxy.SendAsync(Request());
            var cookie = CookieOf(first);
            for (var i = 0; i < 5; i++)
            {
                var next = await proxy.SendAsync(Request(cookie));
                Assert.Equal((first.Text, null), (next.Text, next["Set-Cookie"]));
            }
        }

        Assert.All([one, two, three], backend => Assert.True(backend.Count > 0));
    }

    [Fact]
    public async Task Cookie_HasTheAttributesThatWereAskedFor()
    {
        await using var backend = Numbered(1);
        var session = new SessionCookie { Name = "route", Path = "/shop", Domain = "shop.example", SameSite = "Lax", MaxAge = TimeSpan.FromHours(1), Expires = TimeSpan.FromHours(1), Secure = true };
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web", new() { Session = session }));
        var cookie = (await proxy.SendAsync(Request()))["Set-Cookie"];
        Assert.Matches(@"^route=[0-9a-f]{16}; Path=/shop; HttpOnly; Domain=shop\.example; Expires=\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT; Max-Age=3600; SameSite=Lax; Secure$", cookie);
    }

    [Theory]
    [InlineData(false, null, false)]
    [InlineData(true, null, true)]
    [InlineData(true, false, false)]
    public async Task Cookie_IsSecureOverTls(bool tls, bool? asked, bool secure)
    {
        await using var backend = Numbered(1);
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web", new() { Session = new() { Secure = asked } }));
        using var reply = await proxy.Client(tls: tls).GetAsync("/");
        Assert.Equal(secure, reply.Headers.GetValues("Set-Cookie").Single().EndsWith("; Secure"));
    }

    [Fact]
    public async Task Cookie_IsAddedToTheBackendsOwn()
    {
        await using var backend = RawBackend.Answering("west", "HTTP/1.1 200 OK\r\nSet-Cookie: own=1\r\nContent-Length: 0\r\n\r\n");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web", s_session));
        Assert.Matches(@"^own=1 \| INGRESSCOOKIE=", (await proxy.SendAsync(Request()))["Set-Cookie"]);
    }

    [Theory]
    [InlineData("INGRESSCOOKIE=nonsense")]
    [InlineData("INGRESSCOOKIE=")]
    [InlineData("INGRESSCOOKIE=00000000000000ff")]
    [InlineData("other=1; INGRESSCOOKIEX=1")]
    public async Task Cookie_ThatFitsNobody_IsReplaced(string cookie)
    {
        await using var backend = Numbered(1);
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web", s_session));
        Assert.Matches("^INGRESSCOOKIE=[0-9a-f]{16}; Path=/; HttpOnly$", (await proxy.SendAsync(Request(cookie)))["Set-Cookie"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Backend_Fails_ClientIsBoundAnewWhereAsked(bool changeOnFailure)
    {
        await using var one = Numbered(1);
        await using var two = Numbered(2);
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", one, two).Route("web", new() { Session = new() { ChangeOnFailure = changeOnFailure } }));
        var first = await proxy.SendAsync(Request());
        var cookie = CookieOf(first);
        (first.Text == "1" ? one : two).Kill();
        var second = await proxy.SendAsync(Request(cookie));
        Assert.Equal(200, second.Status);
        Assert.NotEqual(first.Text, second.Text);
        Assert.Equal(changeOnFailure, second["Set-Cookie"] is not null);
        if (!changeOnFailure) return;
        Assert.NotEqual(cookie, CookieOf(second));
        Assert.Equal((second.Text, null), ((await proxy.SendAsync(Request(CookieOf(second)))).Text, (await proxy.SendAsync(Request(CookieOf(second))))["Set-Cookie"]));
    }

    [Fact]
    public async Task FirstBackend_Fails_CookieNamesTheOneThatAnswered()
    {
        await using var dead = RawBackend.Refusing("west");
        await using var alive = RawBackend.Answering("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", dead, alive).Route("web", s_session));
        var reply = await proxy.SendAsync(Request());
        Assert.Equal($"INGRESSCOOKIE={proxy.Health(alive).Hash:x16}", CookieOf(reply));
    }

    [Fact]
    public async Task Client_OfACanary_StaysInIt()
    {
        await using var stable = Numbered(1);
        await using var canary = Numbered(2);
        void Mesh(MeshBuilder mesh, long weight) => mesh.Service("stable", stable).Service("canary", canary)
            .Route(new SplitModel([MeshBuilder.Target("stable", 100 - weight), MeshBuilder.Target("canary", weight)]), s_session);
        await using var proxy = await ProxyFixture.StartAsync(mesh => Mesh(mesh, 100));
        var cookie = CookieOf(await proxy.SendAsync(Request()));
        proxy.Apply(mesh => Mesh(mesh, 0));
        for (var i = 0; i < 5; i++) Assert.Equal("2", (await proxy.SendAsync(Request(cookie))).Text);
        Assert.Equal("1", (await proxy.SendAsync(Request())).Text);
    }

    private static string Request(string? cookie = null) => $"GET / HTTP/1.1\r\nHost: a\r\n{(cookie is null ? "" : $"Cookie: a=b; {cookie}\r\n")}\r\n";

    private static string CookieOf(RawMessage reply) => reply["Set-Cookie"]!.Split(';')[0];

    private static RawBackend Numbered(int number) => RawBackend.Answering("west", $"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{number}");
}
