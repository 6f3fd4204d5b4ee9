namespace ClusterMesh.Ingress.Tests.Routes;

public sealed class DefaultBackendTests
{
    [Fact]
    public void DefaultBackend_WithoutRules_TakesWhatNothingMatches()
    {
        var model = Edge.Of(An.Ingress("all").Default("web:http"));

        Assert.Empty(model.Routes.Routes);
        Assert.Equal("web:80=100", model.Routes.Default!.Split());
        Assert.Equal(("default/all default", "Ingress default/all"), (model.Routes.Default!.Name, model.Routes.Default.Owner));
        model.HasNoProblems();
    }

    [Fact]
    public void NoDefaultBackend_NothingMatches_IsNoRoute() =>
        Assert.Null(Edge.Of(An.Ingress("web").Rule("foo.example", "/x", "web:80")).Routes.Default);

    [Fact]
    public void DefaultForAll_OldestWithoutRulesBeatsOlderWithRules()
    {
        var model = Edge.Of(
            An.Ingress("a").Born(1).Default("v1:80").Rule("foo.example", "/x", "web:80"),
            An.Ingress("b").Born(2).Default("v2:80"),
            An.Ingress("c").Born(3).Default("v3:80"));

        Assert.Equal("v2:80=100", model.Routes.Default!.Split());
        model.HasOnly(
            "Ingress default/c", "spec.defaultBackend", "the default backend of all hosts already belongs to the older Ingress default/b", "that one serves it");
    }

    [Fact]
    public void DefaultForAll_OnlyWithRules_IsTheOldest()
    {
        var model = Edge.Of(
            An.Ingress("a").Born(2).Default("v1:80").Rule("foo.example", "/x", "web:80"),
            An.Ingress("b").Born(1).Default("v2:80").Rule("bar.example", "/x", "web:80"));

        Assert.Equal("v2:80=100", model.Routes.Default!.Split());
        model.HasNoProblems();
    }

    [Fact]
    public void DefaultOfHost_TakesWhatNoPathOfTheHostMatches()
    {
        var model = Edge.Of(
            An.Ingress("all").Default("v3:80"),
            An.Ingress("web").Default("v1:80").Rule("foo.example", "/x", "web:80").Rule("*.foo.com", "/x", "web:80").Rule(null, "/x", "web:80"),
            An.Ingress("other").Rule("bar.example", "/x", "web:80"));

        Assert.Equal("v1:80=100", model.Route("foo.example /").Split());
        Assert.Equal("v1:80=100", model.Route("*.foo.com /").Split());
        Assert.Equal("v1:80=100", model.Route("* /").Split());
        Assert.Equal("default/web foo.example default", model.Route("foo.example /").Name);
        Assert.DoesNotContain(model.Routes.Routes, route => Seen.Describe(route) == "bar.example /");
        Assert.Equal("v3:80=100", model.Routes.Default!.Split());
        model.HasNoProblems();
    }

    [Fact]
    public void DefaultOfHost_GivesWayToAPathForAll()
    {
        var model = Edge.Of(
            An.Ingress("a").Default("v1:80").Rule("foo.example", "/x", "web:80"),
            An.Ingress("b").Rule("foo.example", "/", "v2:80"));

        Assert.Equal("v2:80=100", model.Route("foo.example /").Split());
        model.HasNoProblems();
    }

    [Fact]
    public void DefaultOfHost_OfTwoIngresses_IsTheOldests()
    {
        var model = Edge.Of(
            An.Ingress("a").Born(2).Default("v1:80").Rule("foo.example", "/x", "web:80"),
            An.Ingress("b").Born(1).Default("v2:80").Rule("foo.example", "/y", "web:80"));

        Assert.Equal("v2:80=100", model.Route("foo.example /").Split());
        model.HasOnly("Ingress default/a", "spec.defaultBackend", "of host foo.example already belongs to the older Ingress default/b", "that one");
    }

    [Fact]
    public void HostWithoutPaths_GoesToTheDefaultForAll_NotToAWildcard()
    {
        var model = Edge.Of(
            An.Ingress("all").Default("v1:80"),
            An.Ingress("web").Rule("a.foo.com").Rule("*.foo.com", "/", "v2:80"));

        Assert.Equal("v1:80=100", model.Route("a.foo.com /").Split());
        model.HasNoProblems();
    }

    [Fact]
    public void DefaultBackend_Broken_Gets503AndIsReported()
    {
        var model = Edge.Of(An.Ingress("all").Default("gone:80"));

        Assert.Equal("gone:?=100", model.Routes.Default!.Split());
        model.HasOnly("Ingress default/all", "spec.defaultBackend.service.name", "no Service default/gone", "requests get 503");
    }
}
