using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Tests.Sources;

/// <summary>What is odd but does not cost the file.</summary>
public sealed class WarningTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("80", "80")]
    [InlineData("true", "true")]
    [InlineData("yes", "yes")]
    [InlineData("1e3", "1e3")]
    public void Load_UnquotedAnnotation_IsReadAsItsText(string written, string read)
    {
        var objects = _directory.With("a.yaml", $$"""
            apiVersion: v1
            kind: Service
            metadata:
              name: web
              annotations:
                clustermesh.io/min-healthy: {{written}}
            spec: {ports: [{port: 80}]}
            """).Load();

        Assert.Equal(read, objects.Services[new ObjectKey("default", "web")].Meta.Annotation("clustermesh.io/min-healthy"));
        Assert.Equal(
            new Problem(
                "west",
                "Service default/web",
                "metadata.annotations[\"clustermesh.io/min-healthy\"]",
                $"{written} is not quoted, Kubernetes wants a string here",
                $"read as \"{read}\"",
                "a.yaml document 1, line 6"),
            Assert.Single(objects.Problems));
    }

    [Theory]
    [InlineData("extensions/v1beta1", "Ingress")]
    [InlineData("networking.k8s.io/v1beta1", "Ingress")]
    [InlineData("networking.k8s.io/v1beta1", "IngressClass")]
    public void Load_VersionNotServedAnyMore_IgnoresTheObjectOnly(string apiVersion, string kind)
    {
        var objects = _directory.With("a.yaml", Samples.Documents(
            $"{{apiVersion: {apiVersion}, kind: {kind}, metadata: {{name: old}}}}\n", Samples.Ingress("web"))).Load();

        var problem = Assert.Single(objects.Problems);
        Assert.Equal(("apiVersion", "the object is ignored"), (problem.Field, problem.Instead));
        Assert.Contains($"{apiVersion} is not served any more, expected networking.k8s.io/v1", problem.Reason, StringComparison.Ordinal);
        Assert.Equal("web", Assert.Single(objects.Ingresses).Key.Name);
    }

    [Fact]
    public void Load_SliceWithoutServiceLabel_IsIgnored()
    {
        var objects = _directory.With("a.yaml", "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s}, addressType: IPv4}").Load();

        var problem = Assert.Single(objects.Problems);
        Assert.Equal(("EndpointSlice default/s", "metadata.labels", "the slice is ignored"), (problem.Subject, problem.Field, problem.Instead));
        Assert.Empty(objects.Slices);
    }

    [Fact]
    public void Load_FqdnSlice_SkipsItsEndpoints()
    {
        var objects = _directory.With("a.yaml",
            "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s, labels: {kubernetes.io/service-name: web}}, addressType: FQDN, endpoints: [{addresses: [a.example]}]}")
            .Load();

        Assert.Equal("the slice's 1 endpoints are skipped", Assert.Single(objects.Problems).Instead);
        Assert.Empty(Assert.Single(objects.Slices[new ObjectKey("default", "web")]).Endpoints);
    }

    [Fact]
    public void Load_SameObjectTwice_FirstByPathAndDocumentWins()
    {
        var objects = _directory
            .With("b.yaml", Samples.Service("web", 81))
            .With("a.yaml", Samples.Documents(Samples.Service("other"), Samples.Service("web", 80), Samples.Service("web", 82)))
            .Load();

        Assert.Equal(80, objects.Services[new ObjectKey("default", "web")].Ports[0].Port);
        Assert.Equal(
            [
                ("a.yaml document 3, line 17", "is already there in a.yaml document 2", "the one in a.yaml document 2 is used"),
                ("b.yaml document 1, line 1", "is already there in a.yaml document 2", "the one in a.yaml document 2 is used"),
            ],
            objects.Problems.Select(problem => (problem.Where!, problem.Reason, problem.Instead)));
        Assert.All(objects.Problems, problem => Assert.Equal("Service default/web", problem.Subject));
    }
}
