using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Tests.Filters;

/// <summary>What the backend and the client see of header modifiers and rewrites.</summary>
public sealed class HeaderAndRewriteTests
{
    private static readonly HeaderEdits s_edits = new(
        [new("X-Set", "new"), new("Content-Type", "text/new"), new("X-Forwarded-Proto", "https")], [new("X-Add", "two"), new("X-New", "one")], ["X-Gone", "Content-Language"]);

    [Theory]
    [InlineData("GET", "")]
    [InlineData("POST", "Content-Length: 2\r\n")]
    public async Task RequestHeaders_SetAddRemove_ReachTheBackend(string method, string length)
    {
        await using var backend = await TestBackend.StartAsync("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Filtered("web", new() { Request = s_edits }));
        var reply = await proxy.SendAsync($"{method} / HTTP/1.1\r\nHost: a\r\n{length}x-set: old\r\nX-Set: older\r\nX-Add: one\r\nX-Gone: 1\r\nContent-Type: text/old\r\nContent-Language: de\r\n\r\n{(length.Length > 0 ? "hi" : "")}");
        Assert.Equal(200, reply.Status);
        var seen = backend.Last;
        Assert.Equal(("new", "one, two", "one", null, "text/new", null, "https"),
            (seen["X-Set"], seen["X-Add"]?.Replace(" | ", ", ", StringComparison.Ordinal), seen["X-New"], seen["X-Gone"], seen["Content-Type"], seen["Content-Language"], seen["X-Forwarded-Proto"]));
    }

    [Fact]
    public async Task ResponseHeaders_SetAddRemove_ReachTheClient()
    {
        await using var backend = await TestBackend.StartAsync("west", context =>
        {
            context.Response.Headers["X-Set"] = "old";
            context.Response.Headers["X-Add"] = "one";
            context.Response.Headers["X-Gone"] = "1";
            return context.Response.WriteAsync("hi");
        });
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Filtered("web", new() { Response = s_edits }));
        using var client = proxy.Client();
        using var reply = await client.GetAsync(new Uri("/", UriKind.Relative));
        Assert.Equal("new", Assert.Single(reply.Headers.GetValues("X-Set")));
        Assert.Equal(["one", "two"], reply.Headers.GetValues("X-Add"));
        Assert.Equal("text/new", reply.Content.Headers.ContentType!.ToString());
        Assert.False(reply.Headers.Contains("X-Gone"));
        Assert.Equal("hi", await reply.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task HeadersOfABackend_ComeAfterThoseOfTheRule()
    {
        await using var backend = await TestBackend.StartAsync("west");
        HeaderEdits Set(string value) => new([new("X-A", value)], [], []);
        await using var proxy = await ProxyFixture.StartAsync(mesh =>
            mesh.Service("web", backend).Filtered("web", new() { Request = Set("rule"), Response = Set("rule") }, request: Set("backend"), response: Set("backend")));
        var reply = await proxy.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal(("backend", "backend"), (backend.Last["X-A"], reply["X-A"]));
    }

    [Theory]
    [InlineData(PathEditKind.ReplaceFullPath, "/x", "/old/a%2Fb?q=1&q=2", "/x?q=1&q=2")]
    [InlineData(PathEditKind.ReplacePrefixMatch, "/new", "/old/a%2Fb?q=1", "/new/a%2Fb?q=1")]
    [InlineData(PathEditKind.ReplacePrefixMatch, "", "/old", "/")]
    public async Task Rewrite_PathAndHost_ReachTheBackend(PathEditKind kind, string value, string target, string expected)
    {
        await using var backend = await TestBackend.StartAsync("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Filtered("web", new() { Rewrite = new("inner.example", new(kind, value)) }, "/old"));
        Assert.Equal(200, (await proxy.SendAsync($"GET {target} HTTP/1.1\r\nHost: outer.example\r\n\r\n")).Status);
        Assert.Equal((expected, "inner.example", "outer.example"), (backend.Last.Target, backend.Last["Host"], backend.Last["X-Forwarded-Host"]));
    }
}
