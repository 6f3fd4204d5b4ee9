using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Ingress.Tests.Routes;

public sealed class RetryAndSessionTests
{
    [Theory]
    [InlineData("error timeout", "error timeout")]
    [InlineData("error", "error")]
    [InlineData("timeout  http_503", "timeout 503")]
    [InlineData("error timeout invalid_header http_500 http_502 http_503 http_504", "error timeout 500 502 503 504")]
    [InlineData("http_403 http_404 http_429", "403 404 429")]
    [InlineData("error non_idempotent", "error non_idempotent")]
    [InlineData("", "error timeout")]
    public void NextUpstream_Words_AreTheConditions(string words, string expected)
    {
        var model = Of(("proxy-next-upstream", words));

        Assert.Equal(expected, Conditions(model.Policy().Retry));
        Assert.Equal(3, model.Policy().Retry.Tries);
        model.HasNoProblems();
    }

    [Fact]
    public void NextUpstream_Off_IsOneTryWhateverTheTries()
    {
        var retry = Of(("proxy-next-upstream", "off"), ("proxy-next-upstream-tries", "5")).Policy().Retry;

        Assert.Equal(("", 1), (Conditions(retry), retry.Tries));
    }

    [Fact]
    public void NextUpstream_UnknownWordAmongOthers_LeavesTheOthers()
    {
        var model = Of(("proxy-next-upstream", "error http_200 http_503"));

        Assert.Equal("error 503", Conditions(model.Policy().Retry));
        model.HasOnly("Ingress default/web", "clustermesh.io/proxy-next-upstream", "\"http_200\" is no condition", "the other conditions are used");
    }

    [Theory]
    [InlineData("5", 5)]
    [InlineData("1", 1)]
    [InlineData("0", 10)]
    public void Tries_CountAllAttempts_AndNoLimitIsTen(string tries, int expected) =>
        Assert.Equal(expected, Of(("proxy-next-upstream-tries", tries)).Policy().Retry.Tries);

    [Theory]
    [InlineData("7", 7.0)]
    [InlineData("1500ms", 1.5)]
    [InlineData("0", null)]
    public void NextUpstreamTimeout_ZeroIsNoBound(string value, double? seconds) =>
        Assert.Equal(seconds, Of(("proxy-next-upstream-timeout", value)).Policy().Retry.Timeout?.TotalSeconds);

    [Fact]
    public void Affinity_WithAllKeys_IsTheWholeCookie()
    {
        var model = Of(
            ("affinity", "cookie"), ("affinity-mode", "persistent"), ("affinity-canary-behavior", "legacy"), ("session-cookie-name", "sid"),
            ("session-cookie-path", "/app"), ("session-cookie-domain", "foo.example"), ("session-cookie-samesite", "none"), ("session-cookie-secure", "true"),
            ("session-cookie-max-age", "60"), ("session-cookie-expires", "120"), ("session-cookie-change-on-failure", "true"));

        Assert.Equal(
            new SessionCookie
            {
                Name = "sid", Path = "/app", Domain = "foo.example", SameSite = "None", Secure = true, MaxAge = TimeSpan.FromMinutes(1),
                Expires = TimeSpan.FromMinutes(2), ChangeOnFailure = true, BindsCanary = false,
            },
            model.Policy().Session);
        model.HasNoProblems();
    }

    [Theory]
    [InlineData("affinity-mode", "wild", "is not balanced or persistent", "balanced is used")]
    [InlineData("affinity-canary-behavior", "x", "is not sticky or legacy", "sticky is used")]
    [InlineData("session-cookie-name", "a b", "is not a cookie's name", "INGRESSCOOKIE is used")]
    [InlineData("session-cookie-path", "/;x", "is not a cookie's path", "/ is used")]
    [InlineData("session-cookie-domain", "a\r\nSet-Cookie: b", "is not a cookie's domain", "none is sent")]
    [InlineData("session-cookie-samesite", "loose", "is not None, Lax or Strict", "none is sent")]
    [InlineData("session-cookie-secure", "maybe", "is not true or false", "secure where the request was")]
    [InlineData("session-cookie-max-age", "-1", "is not a number of seconds", "none is sent")]
    [InlineData("session-cookie-expires", "x", "is not a number of seconds", "none is sent")]
    [InlineData("session-cookie-change-on-failure", "x", "is not true or false", "false is used")]
    public void SessionKey_Bad_IsReportedAndTheUsualIsUsed(string name, string value, string reason, string instead)
    {
        var model = Of(("affinity", "cookie"), (name, value));

        Assert.Equal(new SessionCookie(), model.Policy().Session);
        model.HasOnly("Ingress default/web", $"clustermesh.io/{name}", reason, instead);
    }

    [Fact]
    public void SessionKey_WithoutAffinity_IsReported()
    {
        var model = Of(("session-cookie-name", "sid"));

        Assert.Null(model.Policy().Session);
        model.HasOnly("Ingress default/web", "clustermesh.io/session-cookie-name", "set without affinity: cookie", "it is ignored");
    }

    private static Ingress.Routes.IngressModel Of(params (string Name, string Value)[] annotations)
    {
        var ingress = An.Ingress("web").Rule("foo.example", "/", "web:80");
        foreach (var (name, value) in annotations)
            ingress.With(name, value);
        return Edge.Of(ingress);
    }

    private static string Conditions(RetryPolicy retry) => string.Join(' ', new[]
    {
        retry.OnError ? "error" : "", retry.OnTimeout ? "timeout" : "", retry.NonIdempotent ? "non_idempotent" : "", string.Join(' ', retry.Statuses),
    }.Where(word => word.Length > 0));
}
