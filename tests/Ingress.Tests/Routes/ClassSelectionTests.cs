using ClusterMesh.Ingress.Routes;

namespace ClusterMesh.Ingress.Tests.Routes;

public sealed class ClassSelectionTests
{
    private const string Ours = "clustermesh.io/ingress-controller";
    private const string Nginx = "k8s.io/ingress-nginx";
    private const string Legacy = "kubernetes.io/ingress.class";

    [Theory]
    // spec.ingressClassName, then the annotation; ours, as the classes are: edge (our controller), nginx (another's).
    [InlineData("edge", null, true)]
    [InlineData("nginx", null, false)]
    [InlineData("clustermesh", null, true)]
    [InlineData(null, "clustermesh", true)]
    [InlineData(null, "edge", true)]
    [InlineData(null, "nginx", false)]
    [InlineData(null, "unheard-of", false)]
    [InlineData("edge", "nginx", true)]
    [InlineData("nginx", "clustermesh", false)]
    [InlineData(null, null, true)]
    [InlineData("", "", true)]
    public void Ingress_WithClassOrAnnotation_IsOursOrSilentlySkipped(string? className, string? legacy, bool served)
    {
        var model = new Edge(Web(className, legacy)).Class("edge", Ours).Class("nginx", Nginx).Compile();

        Assert.Equal(served ? 1 : 0, model.Routes.Routes.Length);
        model.HasNoProblems();
    }

    [Fact]
    public void ClassName_NobodyHas_IsIgnoredAndReported()
    {
        var model = new Edge(Web("public", null)).Class("edge", Ours).Compile();

        Assert.Empty(model.Routes.Routes);
        model.HasOnly("Ingress default/web", "spec.ingressClassName", "no IngressClass \"public\"", "the Ingress is ignored");
    }

    [Fact]
    public void OurClassName_TakenByAnotherController_IsNotOurs()
    {
        var model = new Edge(Web("clustermesh", null)).Class("clustermesh", Nginx).Compile();

        Assert.Empty(model.Routes.Routes);
        model.HasNoProblems();
    }

    [Theory]
    [InlineData(false, false, true)]
    [InlineData(true, false, true)]
    [InlineData(false, true, false)]
    [InlineData(true, true, true)]
    public void NoClass_GoesToTheDefaultClass(bool oursIsDefault, bool othersIsDefault, bool served)
    {
        var model = new Edge(Web(null, null)).Class("edge", Ours, oursIsDefault).Class("nginx", Nginx, othersIsDefault).Compile();

        Assert.Equal(served ? 1 : 0, model.Routes.Routes.Length);
        model.HasNoProblems();
    }

    [Fact]
    public void Settings_OtherControllerAndClass_DecideInstead()
    {
        var settings = new IngressSettings { ControllerName = Nginx, ClassName = "mine" };
        var model = new Edge(
            An.Ingress("a").Class("nginx").Rule("a.example", "/", "web:80"),
            An.Ingress("b").Class("mine").Rule("b.example", "/", "web:80"),
            An.Ingress("c").Class("edge").Rule("c.example", "/", "web:80")) { Settings = settings }.Class("edge", Ours).Class("nginx", Nginx).Compile();

        Assert.Equal(["a.example /", "b.example /"], model.Routes.Routes.Select(Seen.Describe).Order());
    }

    private static IngressBuilder Web(string? className, string? legacy)
    {
        var ingress = An.Ingress("web").Class(className).Rule("foo.example", "/", "web:80");
        return legacy is null ? ingress : ingress.With(Legacy, legacy);
    }
}
