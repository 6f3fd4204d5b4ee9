using System.Text.RegularExpressions;
using ClusterMesh.Ingress.Routes;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Ingress.Tests.Routes;

public sealed class CanarySteeringTests
{
    [Fact]
    public void Header_Alone_IsTheAlwaysNeverRule()
    {
        var model = Of(("canary-by-header", "x-canary"));

        Assert.Equal([new SteerRule(SteerKind.Header, "x-canary", 1)], Steering(model));
        model.HasNoProblems();
    }

    [Fact]
    public void HeaderValue_BeatsThePattern()
    {
        var model = Of(("canary-by-header", "x-canary"), ("canary-by-header-value", " always "), ("canary-by-header-pattern", "(broken"));

        Assert.Equal([new SteerRule(SteerKind.HeaderValue, "x-canary", 1, " always ")], Steering(model));
        model.HasNoProblems();
    }

    [Fact]
    public void HeaderValue_Empty_IsNotSet()
    {
        var model = Of(("canary-by-header", "x-canary"), ("canary-by-header-value", ""), ("canary-by-header-pattern", "beta"));

        Assert.Equal(SteerKind.HeaderPattern, Assert.Single(Steering(model)).Kind);
    }

    [Theory]
    [InlineData("beta", "a beta user", true)]
    [InlineData("beta", "BETA", false)]
    [InlineData("^v[0-9]{2}$", "v12", true)]
    [InlineData("^v[0-9]{2}$", "v123", false)]
    public void HeaderPattern_Good_IsUnanchoredCaseSensitiveAndLinear(string pattern, string value, bool matches)
    {
        var model = Of(("canary-by-header", "x-canary"), ("canary-by-header-pattern", pattern));

        var rule = Assert.Single(Steering(model));
        Assert.Equal((SteerKind.HeaderPattern, "x-canary", 1), (rule.Kind, rule.Name, rule.Target));
        Assert.Equal(RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, rule.Pattern!.Options);
        Assert.Equal(matches, rule.Pattern.IsMatch(value));
        model.HasNoProblems();
    }

    [Theory]
    [InlineData("(a", "its syntax is wrong at offset 2")]
    [InlineData("(?=a)b", "it needs backtracking")]
    [InlineData(@"(a)\1", "it needs backtracking")]
    [InlineData("((a{1000}){1000}){1000}", "too large")]
    public void HeaderPattern_Broken_SendsItsRequestsToThePrimary(string pattern, string reason)
    {
        var model = Of(("canary-by-header", "x-canary"), ("canary-by-header-pattern", pattern));

        Assert.Equal([new SteerRule(SteerKind.HeaderPatternBroken, "x-canary", 1)], Steering(model));
        model.HasOnly("Ingress default/c", "clustermesh.io/canary-by-header-pattern", reason, "requests that have x-canary go to the primary");
    }

    [Theory]
    [InlineData("canary-by-header-value", "yes")]
    [InlineData("canary-by-header-pattern", "y.*")]
    public void HeaderDetail_WithoutHeader_IsIgnored(string key, string value)
    {
        var model = Of((key, value));

        Assert.Empty(Steering(model));
        model.HasOnly("Ingress default/c", $"clustermesh.io/{key}", "set without canary-by-header", "it is ignored");
    }

    [Theory]
    [InlineData("canary-by-header", "x canary", "\"x canary\" is not a header's name")]
    [InlineData("canary-by-header", "x:canary", "\"x:canary\" is not a header's name")]
    [InlineData("canary-by-cookie", "a;b", "\"a;b\" is not a cookie's name")]
    public void Name_NotAToken_IsIgnored(string key, string value, string reason)
    {
        var model = Of((key, value));

        Assert.Empty(Steering(model));
        Assert.Equal(2, model.Route("foo.example /").Split.Targets.Length);
        model.HasOnly("Ingress default/c", $"clustermesh.io/{key}", reason, "it is ignored");
    }

    [Fact]
    public void Cookie_IsTheAlwaysNeverRule()
    {
        var model = Of(("canary-by-cookie", "canary"));

        Assert.Equal([new SteerRule(SteerKind.Cookie, "canary", 1)], Steering(model));
        model.HasNoProblems();
    }

    [Fact]
    public void Canaries_Several_AllHeadersComeBeforeAllCookies()
    {
        var model = Edge.Of(
            An.Ingress("web").Rule("foo.example", "/", "web:80"),
            An.Ingress("a").Canary().With("canary-by-cookie", "a").With("canary-by-header", "x-a").Rule("foo.example", "/", "v1:80"),
            An.Ingress("b").Canary().With("canary-by-cookie", "b").Rule("foo.example", "/", "v2:80"),
            An.Ingress("c").Canary().With("canary-by-header", "x-c").Rule("foo.example", "/", "v3:80"));

        Assert.Equal(["Header x-a 1", "Header x-c 3", "Cookie a 1", "Cookie b 2"], Steering(model).Select(rule => $"{rule.Kind} {rule.Name} {rule.Target}"));
    }

    [Fact]
    public void IgnoredCanary_TakesNoTargetsNumber()
    {
        var model = Edge.Of(
            An.Ingress("web").Rule("foo.example", "/", "web:80"),
            An.Ingress("a").Canary("10").With("canary-by-header", "x-a").Rule("foo.example", "/", "web:80"),
            An.Ingress("b").Canary("20").With("canary-by-header", "x-b").Rule("foo.example", "/", "v2:80"));

        Assert.Equal("web:80=80 v2:80=20", model.Route("foo.example /").Split());
        Assert.Equal([new SteerRule(SteerKind.Header, "x-b", 1)], Steering(model));
    }

    [Theory]
    [InlineData("header:x-user", HashKeyKind.Header, "x-user")]
    [InlineData("cookie:uid", HashKeyKind.Cookie, "uid")]
    [InlineData("client-address", HashKeyKind.ClientAddress, "")]
    public void SplitBy_OnTheMain_MakesTheSplitSticky(string value, HashKeyKind kind, string name)
    {
        var model = Edge.Of(
            An.Ingress("web").With("split-by", value).Rule("foo.example", "/", "web:80"),
            An.Ingress("c").Canary("10").Rule("foo.example", "/", "v2:80"));

        Assert.Equal(new HashKey(kind, name), model.Route("foo.example /").Split.StickyBy);
        model.HasNoProblems();
    }

    [Theory]
    [InlineData("uri")]
    [InlineData("header:")]
    [InlineData("header:a b")]
    [InlineData("Cookie:x")]
    [InlineData("")]
    public void SplitBy_Bad_DrawsEachRequest(string value)
    {
        var model = Edge.Of(An.Ingress("web").With("split-by", value).Rule("foo.example", "/", "web:80"));

        Assert.Null(model.Route("foo.example /").Split.StickyBy);
        model.HasOnly(
            "Ingress default/web", "clustermesh.io/split-by", $"\"{value}\" is not header:NAME, cookie:NAME or client-address", "each request is drawn");
    }

    [Fact]
    public void SplitBy_UnderAnothersPrefix_IsNotHonoured()
    {
        var model = Edge.Of(An.Ingress("web").With("nginx.ingress.kubernetes.io/split-by", "cookie:x").Rule("foo.example", "/", "web:80"));

        Assert.Null(model.Route("foo.example /").Split.StickyBy);
        model.HasOnly("Ingress default/web", "nginx.ingress.kubernetes.io/split-by", "not honoured", "it is ignored");
    }

    private static IngressModel Of(params (string Key, string Value)[] annotations)
    {
        var canary = An.Ingress("c").Canary("10").Rule("foo.example", "/", "v2:80");
        foreach (var (key, value) in annotations)
            canary.With(key, value);
        return Edge.Of(An.Ingress("web").Rule("foo.example", "/", "web:80"), canary);
    }

    private static IEnumerable<SteerRule> Steering(IngressModel model) => model.Route("foo.example /").Split.Steering;
}
