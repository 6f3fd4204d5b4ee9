using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Match;
using ClusterMesh.Proxy.Routing;
using ClusterMesh.Proxy.Split;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Tests.Match;

/// <summary>peers.md 2.2: hosts, path types and precedence.</summary>
public sealed class RouteMatcherTests
{
    [Theory]
    [InlineData("exact:/foo", "/foo", true)]
    [InlineData("exact:/foo", "/foo/", false)]
    [InlineData("exact:/foo", "/FOO", false)]
    [InlineData("exact:/foo/", "/foo/", true)]
    [InlineData("exact:/foo/", "/foo", false)]
    [InlineData("prefix:/", "/anything", true)]
    [InlineData("prefix:/foo", "/foo", true)]
    [InlineData("prefix:/foo", "/foo/", true)]
    [InlineData("prefix:/foo", "/foo/bar", true)]
    [InlineData("prefix:/foo", "/foobar", false)]
    [InlineData("prefix:/foo", "/FOO", false)]
    [InlineData("prefix:/aaa/bbb/", "/aaa/bbb", true)]
    [InlineData("prefix:/aaa/bbb/", "/aaa/bbb/ccc", true)]
    [InlineData("prefix:/aaa/bbb", "/aaa/bb", false)]
    [InlineData("prefix:/aaa/bbb", "/aaa/bbbxyz", false)]
    [InlineData("prefix:/aaa/bbb", "/", false)]
    public void Find_PathType_MatchesAsIngressSays(string rule, string path, bool found) => Assert.Equal(found, Find([$"* {rule}"], "any.example", path) is not null);

    [Theory]
    [InlineData("/", "* prefix:/")]
    [InlineData("/foo", "* exact:/foo")]
    [InlineData("/foo/", "* prefix:/foo")]
    [InlineData("/foo/bar/baz", "* prefix:/foo/bar")]
    [InlineData("/foo/bark", "* prefix:/foo")]
    public void Find_Precedence_ExactThenLongest(string path, string expected) =>
        Assert.Equal(expected, Find(["* prefix:/", "* prefix:/foo", "* exact:/foo", "* prefix:/foo/bar"], "any.example", path));

    [Theory]
    [InlineData("foo.bar.com", "foo.bar.com prefix:/")]
    [InlineData("FOO.bar.com", "foo.bar.com prefix:/")]
    [InlineData("baz.bar.com", "*.bar.com prefix:/")]
    [InlineData("a.b.bar.com", "* prefix:/")]
    [InlineData("bar.com", "* prefix:/")]
    [InlineData("other", "* prefix:/")]
    public void Find_Host_PreciseBeatsWildcardBeatsNone(string host, string expected) =>
        Assert.Equal(expected, Find(["* prefix:/", "*.bar.com prefix:/", "foo.bar.com prefix:/"], host, "/x"));

    [Fact]
    public void Find_HostWithoutThePath_DoesNotFallToOtherHosts() =>
        Assert.Null(Find(["* prefix:/", "foo.bar.com prefix:/only"], "foo.bar.com", "/x"));

    [Fact]
    public void Find_NothingMatches_TakesTheDefault() =>
        Assert.Equal("default", new RouteMatcher([Route("foo.bar.com", "prefix", "/only", "r")], Route("*", "prefix", "/", "default")).Find("foo.bar.com", "/x", "GET", new HeaderDictionary())!.Model.Name);

    [Fact]
    public void Find_HeadersAndMethod_MoreSpecificFirstElseShorterPath()
    {
        var matcher = new RouteMatcher(
        [
            Route("*", "prefix", "/", "root"),
            Route("*", "prefix", "/a", "beta", ["x=beta"]),
            Route("*", "prefix", "/a", "post", [], ["POST"]),
        ], null);
        Assert.Equal("root", Name("GET", ""));
        Assert.Equal("beta", Name("GET", "beta"));
        Assert.Equal("post", Name("POST", "beta"));
        string Name(string method, string x) => matcher.Find("h", "/a/b", method, new HeaderDictionary { ["x"] = x })!.Model.Name;
    }

    [Fact]
    public void Find_HostileLongPath_IsStillAnswered() =>
        Assert.Equal("* prefix:/", Find(["* prefix:/", "* prefix:/foo"], "h", "/" + new string('/', 8_000) + "x"));

    private static string? Find(string[] rules, string host, string path) =>
        new RouteMatcher(rules.Select(rule => Route(rule.Split(' ')[0], rule.Split(' ')[1].Split(':')[0], rule.Split(':')[1], rule)), null).Find(host, path, "GET", new HeaderDictionary())?.Model.Name;

    private static Route Route(string host, string kind, string path, string name, string[]? headers = null, string[]? methods = null)
    {
        var model = new RouteModel
        {
            Name = name,
            Owner = "Ingress default/test",
            OwnerKey = new("default", "test"),
            Host = host == "*" ? HostMatch.Any : host.StartsWith("*.", StringComparison.Ordinal) ? new(HostMatchKind.OneLabel, host[2..]) : new(HostMatchKind.Exact, host),
            Path = new(kind == "exact" ? PathMatchKind.Exact : PathMatchKind.Prefix, path),
            Headers = [.. (headers ?? []).Select(header => new HeaderMatch(header.Split('=')[0], header.Split('=')[1]))],
            Methods = [.. methods ?? []],
            Split = new([new(new("default", "web"), 80, 1)]),
        };
        return new(model, new SplitTable(model.Split), [], new(name, TimeProvider.System));
    }
}
