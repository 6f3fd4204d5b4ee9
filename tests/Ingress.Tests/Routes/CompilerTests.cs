using ClusterMesh.Ingress.Routes;

namespace ClusterMesh.Ingress.Tests.Routes;

public sealed class CompilerTests
{
    [Theory]
    [InlineData("configuration-snippet")]
    [InlineData("service-upstream")]
    [InlineData("rewrite-target")]
    [InlineData("proxy-send-timeout")]
    [InlineData("canary-by-query")]
    public void Annotation_NotHonoured_IsReportedOnceForAll(string name)
    {
        var full = $"nginx.ingress.kubernetes.io/{name}";
        var model = Edge.Of(
            An.Ingress("b").With(full, "x").Rule("b.example", "/", "web:80"),
            An.Ingress("a").With(full, "y").Rule("a.example", "/", "web:80"),
            An.Ingress("c").With(full, "z").Rule("c.example", "/", "web:80"));

        Assert.Equal(3, model.Routes.Routes.Length);
        model.HasOnly("Ingress default/a", full, "not honoured (and on 2 other Ingresses)", "it is ignored");
    }

    [Theory]
    [InlineData("kubectl.kubernetes.io/last-applied-configuration")]
    [InlineData("cert-manager.io/cluster-issuer")]
    public void Annotation_OfOthers_IsNoConcernOfOurs(string name) =>
        Edge.Of(An.Ingress("web").With(name, "x").Rule("foo.example", "/", "web:80")).HasNoProblems();

    [Fact]
    public void Annotation_OnAnIngressOfAnotherClass_IsNoConcernOfOurs()
    {
        var model = new Edge(An.Ingress("web").Class("nginx").With("nginx.ingress.kubernetes.io/rewrite-target", "x").Rule("foo.example", "/", "web:80"))
            .Class("nginx", "k8s.io/ingress-nginx").Compile();

        model.HasNoProblems();
    }

    [Fact]
    public void Prefixes_FromSettings_DecideWhatIsKnown()
    {
        var edge = new Edge(An.Ingress("web").With("corp.example/proxy-read-timeout", "7").With("nginx.ingress.kubernetes.io/unheard-of", "x").Rule("foo.example", "/", "web:80"))
        {
            Settings = new IngressSettings { AnnotationPrefixes = ["corp.example/"] },
        };

        Assert.Equal(TimeSpan.FromSeconds(7), edge.Compile().Policy().ReadTimeout);
        edge.Compile().HasNoProblems();
    }

    [Fact]
    public void Compile_Again_KeepsWhatDidNotChangeAndSaysTheSame()
    {
        var edge = new Edge(
            An.Ingress("a").With("proxy-read-timeout", "bad").Rule("a.example", "/", "web:80"), An.Ingress("b").Rule("b.example", "/", "web:80"));
        var compiler = new IngressCompiler(edge.Settings);
        var before = edge.Compile(compiler);

        edge.Ingresses[1] = An.Ingress("b").With("proxy-read-timeout", "7").Rule("b.example", "/", "v2:80").Build();
        var after = edge.Compile(compiler);

        Assert.Same(before.Route("a.example /").Policy, after.Route("a.example /").Policy);
        Assert.Equal("v2:80=100", after.Route("b.example /").Split());
        Assert.Equal(TimeSpan.FromSeconds(7), after.Route("b.example /").Policy.ReadTimeout);
        Assert.Equal(before.Problems.AsEnumerable(), after.Problems);
    }

    [Fact]
    public void Compile_Again_ForgetsWhatIsGone()
    {
        var edge = new Edge(An.Ingress("a").With("proxy-read-timeout", "bad").Rule("a.example", "/", "web:80"));
        var compiler = new IngressCompiler(edge.Settings);
        edge.Compile(compiler);

        edge.Ingresses.Clear();
        var after = edge.Compile(compiler);

        Assert.Empty(after.Routes.Routes);
        after.HasNoProblems();
    }

    [Fact]
    public void Services_Changed_AreSeenThoughNoIngressChanged()
    {
        var edge = new Edge(An.Ingress("a").Rule("a.example", "/", "late:80"));
        var compiler = new IngressCompiler(edge.Settings);
        Assert.Equal("late:?=100", edge.Compile(compiler).Route("a.example /").Split());

        edge.Service("late", new Mesh.Objects.ServicePort("http", 80));
        var after = edge.Compile(compiler);

        Assert.Equal("late:80=100", after.Route("a.example /").Split());
        after.HasNoProblems();
    }
}
