using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;
using static ClusterMesh.Mesh.Objects.IngressPathType;

namespace ClusterMesh.Ingress.Tests.Routes;

public sealed class CanaryMergeTests
{
    private const string Unserved = "the canary serves nothing here";

    [Fact]
    public void Canary_OfEqualHostPathAndType_JoinsTheRoute()
    {
        var model = Edge.Of(Primary("/api"), An.Ingress("web-canary").Canary("25").Rule("foo.example", "/api", "v2:http"));

        var route = model.Route("foo.example /api");
        Assert.Equal("web:80=75 v2:80=25", route.Split());
        Assert.Equal([null, An.Key("web-canary")], route.Split.Targets.Select(target => target.Canary));
        Assert.Equal(("default/web foo.example/api", "Ingress default/web"), (route.Name, route.Owner));
        Assert.Single(model.Routes.Routes);
        model.HasNoProblems();
    }

    [Theory]
    [InlineData("clustermesh.io/")]
    [InlineData("nginx.ingress.kubernetes.io/")]
    public void Canary_UnderEitherPrefix_Counts(string prefix)
    {
        var model = Edge.Of(
            Primary("/"), An.Ingress("c").With(prefix + "canary", "true").With(prefix + "canary-weight", "10").Rule("foo.example", "/", "v2:80"));

        Assert.Equal("web:80=90 v2:80=10", model.Route("foo.example /").Split());
        model.HasNoProblems();
    }

    [Fact]
    public void Canary_UnderBothPrefixes_FirstPrefixWinsNameByName()
    {
        var model = Edge.Of(
            Primary("/"),
            An.Ingress("c").With("nginx.ingress.kubernetes.io/canary", "true").With("nginx.ingress.kubernetes.io/canary-weight", "10")
                .With("clustermesh.io/canary-weight", "30").Rule("foo.example", "/", "v2:80"));

        Assert.Equal("web:80=70 v2:80=30", model.Route("foo.example /").Split());
    }

    [Theory]
    [InlineData("bar.example", "/api", Prefix, "no Ingress has host bar.example, path \"/api\" and path type Prefix")]
    [InlineData("*.example", "/api", Prefix, "no Ingress has host *.example")]
    [InlineData(null, "/api", Prefix, "no Ingress has host *,")]
    [InlineData("foo.example", "/other", Prefix, "no Ingress has host foo.example, path \"/other\"")]
    [InlineData("foo.example", "/api", Exact, "no Ingress has host foo.example, path \"/api\" and path type Exact")]
    [InlineData("foo.example", "/api/", Prefix, "Ingress default/web has host foo.example, path \"/api\" and path type Prefix, not host foo.example, path \"/api/\"")]
    [InlineData("foo.example", "/api", ImplementationSpecific, "and path type Prefix, not host foo.example, path \"/api\" and path type ImplementationSpecific")]
    public void Canary_WithAnyDifference_ServesNothing(string? host, string path, IngressPathType type, string reason)
    {
        var model = Edge.Of(Primary("/api"), An.Ingress("c").Canary("25").Rule(host, path, "v2:80", type));

        Assert.Equal("web:80=100", model.Route("foo.example /api").Split());
        Assert.Single(model.Routes.Routes);
        model.HasOnly("Ingress default/c", "spec.rules[0].http.paths[0]", reason, Unserved);
    }

    [Fact]
    public void Canary_OfAnotherNamespace_IsNotJoined()
    {
        var model = Edge.Of(Primary("/"), An.Ingress("evil/c").Canary("100").Rule("foo.example", "/", "v2:80"));

        Assert.Equal("web:80=100", model.Route("foo.example /").Split());
        model.HasOnly("Ingress evil/c", "spec.rules[0].http.paths[0]", "the route belongs to Ingress default/web of another namespace", Unserved);
    }

    [Fact]
    public void Canary_OfTheLoserOfAConflict_DoesNotJoinTheWinner()
    {
        var model = Edge.Of(
            An.Ingress("other/web").Born(1).Rule("foo.example", "/", "web:80"), Primary("/").Born(2),
            An.Ingress("c").Canary("50").Rule("foo.example", "/", "v2:80"));

        Assert.Single(model.Route("foo.example /").Split.Targets);
        model.Has("Ingress default/c", "spec.rules[0].http.paths[0]", "Ingress other/web of another namespace", Unserved);
    }

    [Theory]
    [InlineData("web:80")]
    [InlineData("web:http")]
    public void Canary_OfThePrimarysService_IsIgnored(string backend)
    {
        var model = Edge.Of(Primary("/"), An.Ingress("c").Canary("25").Rule("foo.example", "/", backend));

        Assert.Equal("web:80=100", model.Route("foo.example /").Split());
        model.HasOnly(
            "Ingress default/c", "spec.rules[0].http.paths[0]", "its service default/web is the primary's too", "the canary is ignored for this path");
    }

    [Fact]
    public void Canary_OfAnotherPortOfThePrimarysService_Joins() => Assert.Equal(
        "web:80=75 web:90=25",
        Edge.Of(Primary("/"), An.Ingress("c").Canary("25").Rule("foo.example", "/", "web:grpc")).Route("foo.example /").Split());

    [Fact]
    public void Canary_WhoseServiceIsPrimaryElsewhere_WorksInBoth()
    {
        var model = Edge.Of(
            Primary("/"), An.Ingress("v2").Rule("v2.example", "/", "v2:80"), An.Ingress("c").Canary("25").Rule("foo.example", "/", "v2:80"));

        Assert.Equal("web:80=75 v2:80=25", model.Route("foo.example /").Split());
        Assert.Equal("v2:80=100", model.Route("v2.example /").Split());
        model.HasNoProblems();
    }

    [Fact]
    public void Canaries_Several_ComeOldestFirstThenByName()
    {
        var model = Edge.Of(
            Primary("/"),
            An.Ingress("z").Born(1).Canary("1").Rule("foo.example", "/", "v1:80"),
            An.Ingress("b").Canary("3").Rule("foo.example", "/", "v3:80"),
            An.Ingress("a").Canary("2").Rule("foo.example", "/", "v2:80"));

        Assert.Equal("web:80=94 v1:80=1 v2:80=2 v3:80=3", model.Route("foo.example /").Split());
        model.HasNoProblems();
    }

    [Fact]
    public void Canary_Broken_IsReportedAndPrimaryKeepsItsPort()
    {
        var model = Edge.Of(Primary("/"), An.Ingress("c").Canary("25").Rule("foo.example", "/", "gone:80"));

        Assert.Equal("web:80=75 gone:?=25", model.Route("foo.example /").Split());
        model.HasOnly(
            "Ingress default/c", "spec.rules[0].http.paths[0].backend.service.name", "no Service default/gone", "its share goes to the others");
    }

    [Fact]
    public void Canary_OfABrokenPrimary_StillJoins()
    {
        var model = Edge.Of(
            An.Ingress("web").Rule("foo.example", "/", "gone:80"), An.Ingress("c").Canary("25").Rule("foo.example", "/", "v2:80"));

        Assert.Equal("gone:?=75 v2:80=25", model.Route("foo.example /").Split());
    }

    [Fact]
    public void Canary_DefaultBackend_JoinsTheDefaultOfItsHostsAndOfAll()
    {
        var model = Edge.Of(
            An.Ingress("web").Default("v1:80").Rule("foo.example", "/x", "web:80").Rule("bar.example", "/x", "web:80"),
            An.Ingress("c").Canary("25").Default("v2:80").Rule("foo.example", "/x", "v3:80"));

        Assert.Equal("v1:80=75 v2:80=25", model.Route("foo.example /").Split());
        Assert.Equal("v1:80=75 v2:80=25", model.Routes.Default!.Split());
        Assert.Equal("web:80=75 v3:80=25", model.Route("foo.example /x").Split());
        Assert.Equal("v1:80=100", model.Route("bar.example /").Split());
        model.HasNoProblems();
    }

    [Fact]
    public void Canary_DefaultBackendAlone_JoinsTheDefaultForAllOnly()
    {
        var model = Edge.Of(
            An.Ingress("all").Default("v1:80"), Primary("/"), An.Ingress("c").Canary("25").Default("v2:80"));

        Assert.Equal("v1:80=75 v2:80=25", model.Routes.Default!.Split());
        Assert.Equal("web:80=100", model.Route("foo.example /").Split());
        model.HasNoProblems();
    }

    [Fact]
    public void Canary_DefaultBackendWithoutAMain_ServesNothing()
    {
        var model = Edge.Of(Primary("/"), An.Ingress("c").Canary("25").Default("v2:80"));

        Assert.Null(model.Routes.Default);
        model.HasOnly("Ingress default/c", "spec.defaultBackend", "no Ingress has a default backend", Unserved);
    }

    [Fact]
    public void Canary_PathForAll_DoesNotJoinADefaultBackend()
    {
        var model = Edge.Of(
            An.Ingress("web").Default("v1:80").Rule("foo.example", "/x", "web:80"),
            An.Ingress("c").Canary("25").Rule("foo.example", "/", "v2:80"));

        Assert.Equal("v1:80=100", model.Route("foo.example /").Split());
        model.HasOnly("Ingress default/c", "spec.rules[0].http.paths[0]", "no Ingress has host foo.example, path \"/\"", Unserved);
    }

    [Theory]
    [InlineData("canary-weight", "10")]
    [InlineData("canary-weight-total", "200")]
    [InlineData("canary-by-header", "x-canary")]
    [InlineData("canary-by-header-value", "yes")]
    [InlineData("canary-by-header-pattern", "y.*")]
    [InlineData("canary-by-cookie", "canary")]
    public void CanaryKeys_WithoutCanary_MakeAnOrdinaryIngress(string key, string value)
    {
        var model = Edge.Of(An.Ingress("c").With(key, value).Rule("foo.example", "/", "v2:80"));

        Assert.Equal("v2:80=100", model.Route("foo.example /").Split());
        model.HasOnly("Ingress default/c", $"clustermesh.io/{key}", "configured but not enabled", "it counts as an ordinary Ingress");
    }

    [Fact]
    public void CanaryKeys_WithoutCanary_ConflictRuleDecidesThePath()
    {
        var model = Edge.Of(Primary("/").Born(1), An.Ingress("c").Born(2).With("canary", "false").With("canary-weight", "10").Rule("foo.example", "/", "v2:80"));

        Assert.Equal("web:80=100", model.Route("foo.example /").Split());
        model.Has("Ingress default/c", "clustermesh.io/canary-weight", "configured but not enabled", "ordinary");
        model.Has("Ingress default/c", "spec.rules[0].http.paths[0]", "the older Ingress default/web", "that one serves it");
    }

    [Theory]
    [InlineData("True")]
    [InlineData("yes")]
    [InlineData("1")]
    [InlineData("")]
    public void Canary_NotExactlyTrue_MakesAnOrdinaryIngress(string value)
    {
        var model = Edge.Of(An.Ingress("c").With("canary", value).Rule("foo.example", "/", "v2:80"));

        Assert.Equal("v2:80=100", model.Route("foo.example /").Split());
        model.HasOnly("Ingress default/c", "clustermesh.io/canary", $"\"{value}\" is not \"true\"", "ordinary");
    }

    [Fact]
    public void Canary_WeightZeroAlone_IsNoMistakeOnAnOrdinaryIngress() =>
        Edge.Of(Primary("/").With("canary-weight", "0")).HasNoProblems();

    [Theory]
    [InlineData("proxy-read-timeout", "5")]
    [InlineData("proxy-read-timeout", "nonsense")]
    [InlineData("backend-protocol", "GRPC")]
    [InlineData("force-ssl-redirect", "true")]
    [InlineData("proxy-next-upstream", "off")]
    [InlineData("proxy-body-size", "1m")]
    [InlineData("request-timeout", "1s")]
    [InlineData("split-by", "client-address")]
    [InlineData("affinity", "cookie")]
    public void MainsAnnotation_OnACanary_IsIgnored(string name, string value)
    {
        var model = Edge.Of(Primary("/"), An.Ingress("c").Canary("25").With(name, value).Rule("foo.example", "/", "v2:80"));

        Assert.Equal(RoutePolicy.Default, model.Policy());
        Assert.Null(model.Route("foo.example /").Split.StickyBy);
        model.HasOnly("Ingress default/c", $"clustermesh.io/{name}", "on a canary it comes from the main Ingress, default/web", "it is ignored");
    }

    [Fact]
    public void MainsAnnotations_CopiedToTheCanary_AreNoMistake()
    {
        static IngressBuilder Annotated(IngressBuilder ingress) => ingress.With("nginx.ingress.kubernetes.io/proxy-read-timeout", "5")
            .With("affinity", "cookie").With("session-cookie-name", "sid").With("ssl-redirect", "false");
        var model = Edge.Of(Annotated(Primary("/")), Annotated(An.Ingress("c")).Canary("25").Rule("foo.example", "/", "v2:80"));

        Assert.Equal("sid", model.Policy().Session!.Name);
        model.HasNoProblems();
    }

    [Theory]
    [InlineData("load-balance", "random", LoadBalanceKind.Random)]
    [InlineData("upstream-hash-by", "$request_uri", LoadBalanceKind.Hash)]
    public void LoadBalance_OnACanary_IsTheCanarysOwn(string name, string value, LoadBalanceKind kind)
    {
        var model = Edge.Of(
            Primary("/").With("load-balance", "round_robin"), An.Ingress("c").Canary("25").With(name, value).Rule("foo.example", "/", "v2:80"));

        Assert.Equal([null, kind], model.Route("foo.example /").Split.Targets.Select(target => target.LoadBalance?.Kind));
        Assert.Equal(LoadBalanceKind.RoundRobin, model.Policy().LoadBalance!.Value.Kind);
        model.HasNoProblems();
    }

    private static IngressBuilder Primary(string path) => An.Ingress("web").Rule("foo.example", path, "web:80");
}
