using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;
using static ClusterMesh.Mesh.Objects.IngressPathType;

namespace ClusterMesh.Ingress.Tests.Routes;

public sealed class HostAndPathTests
{
    [Theory]
    [InlineData("foo.example", HostMatchKind.Exact, "foo.example")]
    [InlineData("Foo.EXAMPLE", HostMatchKind.Exact, "foo.example")]
    [InlineData("localhost", HostMatchKind.Exact, "localhost")]
    [InlineData("*.foo.com", HostMatchKind.OneLabel, "foo.com")]
    [InlineData(null, HostMatchKind.Any, "")]
    [InlineData("", HostMatchKind.Any, "")]
    public void Host_Written_IsMatchedAs(string? written, HostMatchKind kind, string name)
    {
        var model = Edge.Of(An.Ingress("web").Rule(written, "/", "web:80"));

        Assert.Equal(new HostMatch(kind, name), Assert.Single(model.Routes.Routes).Host);
        model.HasNoProblems();
    }

    [Theory]
    [InlineData("foo.example:8080")]
    [InlineData("10.0.0.1")]
    [InlineData("*")]
    [InlineData("*.")]
    [InlineData("foo.*.example")]
    [InlineData("*.*.example")]
    [InlineData("foo..example")]
    [InlineData("foo.example.")]
    [InlineData("-foo.example")]
    [InlineData("foo example")]
    [InlineData("bücher.example")]
    public void Host_NotADnsName_LosesItsRuleAndNoOther(string written)
    {
        var model = Edge.Of(An.Ingress("web").Rule("good.example", "/", "web:80").Rule(written, "/", "web:80"));

        model.Route("good.example /");
        Assert.Single(model.Routes.Routes);
        model.HasOnly("Ingress default/web", "spec.rules[1].host", $"\"{written}\" is not a DNS name", "the rule is ignored");
    }

    [Theory]
    [InlineData("/foo", Exact, "/foo", PathMatchKind.Exact)]
    [InlineData("/foo/", Exact, "/foo/", PathMatchKind.Exact)]
    [InlineData("/FOO", Exact, "/FOO", PathMatchKind.Exact)]
    [InlineData("/", Exact, "/", PathMatchKind.Exact)]
    [InlineData("/foo", Prefix, "/foo", PathMatchKind.Prefix)]
    [InlineData("/aaa/bbb/", Prefix, "/aaa/bbb", PathMatchKind.Prefix)]
    [InlineData("/", Prefix, "/", PathMatchKind.Prefix)]
    [InlineData("/é x", Prefix, "/%C3%A9%20x", PathMatchKind.Prefix)]
    [InlineData("", Prefix, "/", PathMatchKind.Prefix)]
    [InlineData("/foo/", ImplementationSpecific, "/foo", PathMatchKind.Prefix)]
    [InlineData("", ImplementationSpecific, "/", PathMatchKind.Prefix)]
    public void Path_Written_IsMatchedAs(string written, IngressPathType type, string path, PathMatchKind kind)
    {
        var model = Edge.Of(An.Ingress("web").Rule("foo.example", written, "web:80", type));

        Assert.Equal(new PathMatch(kind, path), Assert.Single(model.Routes.Routes).Path);
        model.HasNoProblems();
    }

    [Fact]
    public void Path_WithoutSlash_IsIgnoredAndReported()
    {
        var model = Edge.Of(An.Ingress("web").Rule("foo.example", An.Path("foo"), An.Path("/good")));

        model.Route("foo.example /good");
        Assert.Single(model.Routes.Routes);
        model.HasOnly("Ingress default/web", "spec.rules[0].http.paths[0].path", "\"foo\" cannot be matched", "the path is ignored");
    }

    [Fact]
    public void Routes_Named_TellOwnerHostAndPath()
    {
        var model = Edge.Of(
            An.Ingress("web").Rule("foo.example", An.Path("/api"), An.Path("/api", type: Exact), An.Path("/only", type: Exact)).Rule("*.foo.com", "/", "web:80"),
            An.Ingress("shop/all").Rule(null, "/x", "web:80"));

        Assert.Equal("default/web foo.example/api", model.Route("foo.example /api").Name);
        Assert.Equal("default/web foo.example/api exact", model.Route("foo.example /api exact").Name);
        Assert.Equal("default/web foo.example/only", model.Route("foo.example /only exact").Name);
        Assert.Equal("default/web *.foo.com/", model.Route("*.foo.com /").Name);
        Assert.Equal("shop/all */x", model.Route("* /x").Name);
        Assert.Equal("Ingress shop/all", model.Route("* /x").Owner);
        Assert.Equal(new ObjectKey("shop", "all"), model.Route("* /x").OwnerKey);
    }

    [Fact]
    public void Ingress_WithNeitherRulesNorDefault_IsReported()
    {
        var model = Edge.Of(An.Ingress("web"));

        Assert.Empty(model.Routes.Routes);
        model.HasOnly("Ingress default/web", "spec", "neither rules nor a defaultBackend", "nothing is routed");
    }
}
