namespace ClusterMesh.Ingress.Tests.Routes;

/// <summary>Ingresses as Argo Rollouts and Flagger write them (peers.md 2.5), step by step.</summary>
public sealed class RolloutToolTests
{
    private const string Nginx = "nginx.ingress.kubernetes.io/";

    [Theory]
    [InlineData("0", "web:80=100 v2:80=0")]
    [InlineData("50", "web:80=50 v2:80=50")]
    [InlineData("100", "web:80=0 v2:80=100")]
    public void Argo_CopiesWholeRules_OnlyTheStableServicesPathIsSplit(string weight, string split)
    {
        var model = new Edge(
            An.Ingress("shop").Class("edge").Tls("cert", "foo.example").Rule("foo.example", An.Path("/", "web:80"), An.Path("/other", "v3:80")),
            An.Ingress("rollout-shop-canary").Class("edge").Tls("cert", "foo.example").With(Nginx + "canary", "true").With(Nginx + "canary-weight", weight)
                .Rule("foo.example", An.Path("/", "v2:80"), An.Path("/other", "v3:80")))
            .Class("edge", "clustermesh.io/ingress-controller").Compile();

        Assert.Equal(split, model.Route("foo.example /").Split());
        Assert.Equal("v3:80=100", model.Route("foo.example /other").Split());
        model.Has("Ingress default/rollout-shop-canary", "spec.rules[0].http.paths[1]", "its service default/v3 is the primary's too", "ignored for this path");
    }

    [Fact]
    public void Argo_MaxTrafficWeight_IsTheTotal()
    {
        var model = Edge.Of(
            An.Ingress("shop").Rule("foo.example", "/", "web:80"),
            An.Ingress("c").With(Nginx + "canary", "true").With(Nginx + "canary-weight", "5").With(Nginx + "canary-weight-total", "1000")
                .Rule("foo.example", "/", "v2:80"));

        Assert.Equal("web:80=995 v2:80=5", model.Route("foo.example /").Split());
        model.HasNoProblems();
    }

    [Fact]
    public void Flagger_PermanentCanaryAtZero_TakesNothing()
    {
        var model = Edge.Of(
            An.Ingress("app").With("kubernetes.io/ingress.class", "clustermesh").With(Nginx + "proxy-read-timeout", "7").Rule("foo.example", "/", "web:80"),
            An.Ingress("app-canary").With("kubernetes.io/ingress.class", "clustermesh").With(Nginx + "proxy-read-timeout", "7")
                .With(Nginx + "canary", "true").With(Nginx + "canary-weight", "0").Rule("foo.example", "/", "v2:80"));

        Assert.Equal("web:80=100 v2:80=0", model.Route("foo.example /").Split());
        Assert.Equal("default/app", model.Route("foo.example /").OwnerKey.ToString());
        model.HasNoProblems();
    }

    [Fact]
    public void Flagger_AbTest_SteersByHeaderThenCookie()
    {
        var model = Edge.Of(
            An.Ingress("app").Rule("foo.example", "/", "web:80"),
            An.Ingress("app-canary").With(Nginx + "canary", "true").With(Nginx + "canary-weight", "0").With(Nginx + "canary-by-cookie", "canary")
                .With(Nginx + "canary-by-header", "x-user").With(Nginx + "canary-by-header-pattern", ".*@example\\.com$").Rule("foo.example", "/", "v2:80"));

        Assert.Equal(["HeaderPattern x-user", "Cookie canary"], model.Route("foo.example /").Split.Steering.Select(rule => $"{rule.Kind} {rule.Name}"));
        model.HasNoProblems();
    }

    [Fact]
    public void CanaryDeleted_LeavesThePrimaryAlone() =>
        Assert.Equal("web:80=100", Edge.Of(An.Ingress("app").Rule("foo.example", "/", "web:80")).Route("foo.example /").Split());
}
