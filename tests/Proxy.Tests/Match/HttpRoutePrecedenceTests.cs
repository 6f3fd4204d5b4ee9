using ClusterMesh.Mesh.Patterns;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Match;
using ClusterMesh.Proxy.Routing;
using ClusterMesh.Proxy.Split;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Tests.Match;

/// <summary>peers.md 2.3: which of several routes that hold is followed.</summary>
public sealed class HttpRoutePrecedenceTests
{
    // Path, then M = method GET, H = one header, Q = one query parameter each. All of them hold for GET /a/b?q=1&r=1 with h: 1, i: 1.
    [Theory]
    [InlineData("/a/b", "=/a/b", "=/a/b")]
    [InlineData("/a MHHQQ", "=/a/b", "=/a/b")]
    [InlineData("/ MHH", "/a", "/a")]
    [InlineData("/a", "/a/b", "/a/b")]
    [InlineData("~/a/.*", "/", "/")]
    [InlineData("~/a/.*", "=/a/b", "=/a/b")]
    [InlineData("/a HH", "/a M", "/a M")]
    [InlineData("/a HQQ", "/a HH", "/a HH")]
    [InlineData("/a QQ", "/a H", "/a H")]
    [InlineData("/a Q", "/a QQ", "/a QQ")]
    [InlineData("/a MH", "/a MHQ", "/a MHQ")]
    [InlineData("~/a/.* H", "~/a/b M", "~/a/b M")]
    [InlineData("~/a/.* Q", "~/a/b", "~/a/.* Q")]
    public void Find_TwoThatHold_TheMoreSpecific(string one, string other, string expected)
    {
        Assert.Equal(expected, Find("GET", "/a/b", "?q=1&r=1", one, other));
        Assert.Equal(expected, Find("GET", "/a/b", "?q=1&r=1", other, one));
    }

    [Fact]
    public void Find_EqualRank_TheEarlierOne() => Assert.Equal("/a H", Find("GET", "/a/b", "?q=1", "/a H", "/a h"));

    [Theory]
    [InlineData("/a Q", "?q=1", true)]
    [InlineData("/a Q", "?q=%31", true)]
    [InlineData("/a Q", "?x=2&q=1", true)]
    [InlineData("/a Q", "?q=1&q=2", true)]
    [InlineData("/a Q", "?q=2&q=1", false)]
    [InlineData("/a Q", "?Q=1", false)]
    [InlineData("/a Q", "?q=10", false)]
    [InlineData("/a Q", "", false)]
    [InlineData("/a q", "?q=15", true)]
    [InlineData("/a q", "?q=x15", false)]
    public void Find_QueryParameter_FirstValueDecoded(string route, string query, bool found) => Assert.Equal(found, Find("GET", "/a/b", query, route) is not null);

    [Theory]
    [InlineData("~/a", "/a", true)]
    [InlineData("~/a", "/a/b", false)]
    [InlineData("~/a|/b", "/b", true)]
    [InlineData("~/a|/b", "/b/c", false)]
    [InlineData("~/item/[0-9]+", "/item/12", true)]
    [InlineData("~/item/[0-9]+", "/item/x", false)]
    public void Find_Pattern_MatchesTheWholePath(string route, string path, bool found) => Assert.Equal(found, Find("GET", path, "", route) is not null);

    [Theory]
    [InlineData("1", true)]
    [InlineData("1,2", false)]
    [InlineData("11", false)]
    public void Find_Header_WholeValue(string value, bool found) =>
        Assert.Equal(found, new RouteMatcher([Route("/a H")], null).Find("h", "/a", "GET", new HeaderDictionary { ["H"] = value.Split(',') }) is not null);

    private static string? Find(string method, string path, string query, params string[] routes) =>
        new RouteMatcher(routes.Select(route => Route(route)), null).Find("any", path, method, new HeaderDictionary { ["h"] = "1", ["i"] = "1" }, query)?.Model.Name;

    private static Route Route(string text)
    {
        var (path, conditions) = (text.Split(' ')[0], text.Contains(' ', StringComparison.Ordinal) ? text.Split(' ')[1] : "");
        var kind = path[0] switch { '=' => PathMatchKind.Exact, '~' => PathMatchKind.Regex, _ => PathMatchKind.Prefix };
        var model = new RouteModel
        {
            Name = text,
            Owner = "HTTPRoute default/test",
            OwnerKey = new("default", "test"),
            Path = new(kind, path.TrimStart('=', '~')),
            PathPattern = kind == PathMatchKind.Regex ? WholePattern.TryParse(path[1..], out _) : null,
            Methods = conditions.Contains('M', StringComparison.Ordinal) ? ["GET"] : [],
            Headers = [.. conditions.Where(c => c is 'H' or 'h').Select((c, index) => c == 'H' ? new HeaderMatch(index == 0 ? "h" : "i", "1") : new HeaderMatch("h", ".", WholePattern.TryParse(".", out _)))],
            Queries = [.. conditions.Where(c => c is 'Q' or 'q').Select((c, index) => c == 'Q' ? new QueryMatch(index == 0 ? "q" : "r", "1") : new QueryMatch("q", "1[0-9]", WholePattern.TryParse("1[0-9]", out _)))],
            Split = new([new(new("default", "web"), 80, 1)]),
        };
        return new(model, new SplitTable(model.Split), [], new(text, TimeProvider.System));
    }
}
