using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Ingress.Tests.Routes;

public sealed class BackendTests
{
    [Theory]
    [InlineData("web:80", 80)]
    [InlineData("web:http", 80)]
    [InlineData("web:grpc", 90)]
    public void Port_ByNumberOrName_BecomesItsNumber(string backend, int port)
    {
        var model = Edge.Of(An.Ingress("web").Rule("foo.example", "/", backend));

        Assert.Equal($"web:{port}=100", model.Route("foo.example /").Split());
        model.HasNoProblems();
    }

    public static TheoryData<string, IngressBackend, string, string> Broken => new()
    {
        { "gone:?=100", new IngressBackend("gone", PortNumber: 80), "service.name", "no Service default/gone" },
        { "web:?=100", new IngressBackend("web", PortNumber: 81), "service.port", "Service default/web has no port 81, only http (80), grpc (90)" },
        { "web:?=100", new IngressBackend("web", PortName: "admin"), "service.port", "has no port \"admin\"" },
        { "web:?=100", new IngressBackend("web"), "service.port", "neither a number nor a name" },
        { ":?=100", new IngressBackend(null, PortNumber: 80), "service", "no service is named" },
        { "bucket:?=100", new IngressBackend(null, Resource: "bucket"), "resource", "resource \"bucket\" is not supported" },
        { "outside:?=100", new IngressBackend("outside", PortNumber: 80), "service.port", "is an ExternalName" },
        { "dns:?=100", new IngressBackend("dns", PortNumber: 53), "service.port", "has no port 53, only dns (53 UDP)" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Backend_Broken_Gets503AndOthersKeepWorking(string split, IngressBackend backend, string field, string reason)
    {
        var model = new Edge(An.Ingress("web").Rule("foo.example", new IngressPath("/bad", IngressPathType.Prefix, backend), An.Path("/good")))
            .ServiceOfType("outside", "ExternalName").Service("dns", new ServicePort("dns", 53, "UDP")).Compile();

        Assert.Equal(split, model.Route("foo.example /bad").Split());
        Assert.Equal("web:80=100", model.Route("foo.example /good").Split());
        model.HasOnly("Ingress default/web", $"spec.rules[0].http.paths[0].backend.{field}", reason, "requests get 503");
    }

    [Fact]
    public void Backend_IsOfTheIngressNamespace()
    {
        var model = Edge.Of(An.Ingress("shop/web").Rule("foo.example", "/", "web:80"));

        model.HasOnly("Ingress shop/web", "spec.rules[0].http.paths[0].backend.service.name", "no Service shop/web", "requests get 503");
    }

    [Theory]
    [InlineData("kubernetes.io/h2c", null, BackendProtocol.Grpc)]
    [InlineData("grpc", null, BackendProtocol.Grpc)]
    [InlineData("https", null, BackendProtocol.Https)]
    [InlineData("http", null, BackendProtocol.Http)]
    [InlineData(null, null, BackendProtocol.Http)]
    [InlineData("https", "HTTP", BackendProtocol.Http)]
    [InlineData(null, "GRPCS", BackendProtocol.Grpcs)]
    public void Protocol_IsTheAnnotationsElseThePorts(string? appProtocol, string? annotation, BackendProtocol expected)
    {
        var ingress = An.Ingress("web").Rule("foo.example", "/", "app:80");
        var model = new Edge(annotation is null ? ingress : ingress.With("backend-protocol", annotation))
            .Service("app", new ServicePort("http", 80, AppProtocol: appProtocol)).Compile();

        Assert.Equal(expected, model.Policy().Protocol);
        model.HasNoProblems();
    }
}
