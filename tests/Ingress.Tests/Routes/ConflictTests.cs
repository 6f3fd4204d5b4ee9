using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Ingress.Tests.Routes;

public sealed class ConflictTests
{
    [Fact]
    public void SamePath_InTwoIngresses_OldestWinsAndLoserIsReported()
    {
        var model = Edge.Of(
            An.Ingress("a").Born(2).Rule("foo.example", An.Path("/mine", "v1:80"), An.Path("/x", "v1:80")),
            An.Ingress("b").Born(1).Rule("foo.example", "/x", "v2:80"));

        Assert.Equal("v2:80=100", model.Route("foo.example /x").Split());
        Assert.Equal("v1:80=100", model.Route("foo.example /mine").Split());
        model.HasOnly(
            "Ingress default/a", "spec.rules[0].http.paths[1]", "foo.example/x (Prefix) already belongs to the older Ingress default/b", "that one serves it");
    }

    [Fact]
    public void SamePath_WithoutCreationTime_IsNewest()
    {
        var model = Edge.Of(An.Ingress("a").Rule("foo.example", "/", "v1:80"), An.Ingress("b").Born(9).Rule("foo.example", "/", "v2:80"));

        Assert.Equal("default/b", model.Route("foo.example /").OwnerKey.ToString());
    }

    [Fact]
    public void SamePath_OfOneAge_NamespaceThenNameDecide()
    {
        var model = Edge.Of(
            An.Ingress("b/a").Rule("foo.example", "/", "v1:80"),
            An.Ingress("a/z").Rule("foo.example", "/", "v2:80"),
            An.Ingress("a/b").Rule("foo.example", "/", "v3:80"));

        Assert.Equal("a/b", model.Route("foo.example /").OwnerKey.ToString());
        model.Has("Ingress a/z", "spec.rules[0].http.paths[0]", "the older Ingress a/b", "that one serves it");
        model.Has("Ingress b/a", "spec.rules[0].http.paths[0]", "the older Ingress a/b", "that one serves it");
    }

    [Fact]
    public void SamePath_TwiceInOneIngress_FirstWins()
    {
        var model = Edge.Of(An.Ingress("web").Rule("foo.example", An.Path("/x", "v1:80"), An.Path("/x/", "v2:80")).Rule("FOO.example", "/x", "v3:80"));

        Assert.Equal("v1:80=100", model.Route("foo.example /x").Split());
        model.Has("Ingress default/web", "spec.rules[0].http.paths[1]", "foo.example/x (Prefix) is already in this Ingress", "the first one is used");
        model.Has("Ingress default/web", "spec.rules[1].http.paths[0]", "is already in this Ingress", "the first one is used");
    }

    [Fact]
    public void ExactAndPrefix_OfOnePath_AreNoConflict()
    {
        var model = Edge.Of(
            An.Ingress("a").Rule("foo.example", "/x", "v1:80"),
            An.Ingress("b").Rule("foo.example", "/x", "v2:80", IngressPathType.Exact),
            An.Ingress("c").Rule("bar.example", "/x", "v3:80"));

        Assert.Equal("v1:80=100", model.Route("foo.example /x").Split());
        Assert.Equal("v2:80=100", model.Route("foo.example /x exact").Split());
        model.HasNoProblems();
    }

    [Fact]
    public void PrefixAndImplementationSpecific_OfOnePath_AreAConflict()
    {
        var model = Edge.Of(
            An.Ingress("a").Rule("foo.example", "/x", "v1:80"),
            An.Ingress("b").Rule("foo.example", "/x", "v2:80", IngressPathType.ImplementationSpecific));

        Assert.Equal("v1:80=100", model.Route("foo.example /x").Split());
        model.HasOnly("Ingress default/b", "spec.rules[0].http.paths[0]", "the older Ingress default/a", "that one serves it");
    }
}
