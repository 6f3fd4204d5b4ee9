using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Tests.Sources;

/// <summary>The forms in which manifests come: several documents, lists, JSON, odd line ends.</summary>
public sealed class FormatTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Load_List_ExpandsItems()
    {
        var objects = _directory.With("a.yaml", """
            apiVersion: v1
            kind: List
            items:
            - {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 80}]}}
            - apiVersion: v1
              kind: List
              items:
              - {apiVersion: v1, kind: Namespace, metadata: {name: n}}
            """).Load();

        Assert.Empty(objects.Problems);
        Assert.Equal(("a", "n"), (Assert.Single(objects.Services).Key.Name, Assert.Single(objects.Namespaces).Key.Name));
    }

    [Fact]
    public void Load_ServiceList_ItemsInheritTheKind()
    {
        var objects = _directory.With("a.yaml", "{apiVersion: v1, kind: ServiceList, items: [{metadata: {name: a}, spec: {ports: [{port: 80}]}}]}").Load();

        Assert.Empty(objects.Problems);
        Assert.Equal("a", Assert.Single(objects.Services).Key.Name);
    }

    [Fact]
    public void Load_BadItemOfList_NamesItsIndex()
    {
        var problem = Assert.Single(_directory.With("a.yaml", """
            apiVersion: v1
            kind: List
            items:
            - {apiVersion: v1, kind: Namespace, metadata: {name: n}}
            - {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: x}]}}
            """).Load().Problems);

        Assert.Equal(("Service default/a", "items[1].spec.ports[0].port"), (problem.Subject, problem.Field));
        Assert.Equal("a.yaml document 1, line 5", problem.Where);
    }

    [Fact]
    public void Load_Json_ReadsAsYaml()
    {
        var objects = _directory.With("a.json", """
            {
            	"apiVersion": "v1",
            	"kind": "Service",
            	"metadata": {"name": "web", "annotations": {"a": "\u0041\/\"b\" \ud83d\ude00"}},
            	"spec": {"ports": [{"port": 80, "name": null}], "type": "ClusterIP"}
            }
            """).Load();

        Assert.Empty(objects.Problems);
        Assert.Equal("A/\"b\" \U0001F600", objects.Services[new ObjectKey("default", "web")].Meta.Annotation("a"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("---\n---\n# nothing\n---\n")]
    [InlineData("...\n")]
    [InlineData("--- # a comment\nnull\n")]
    [InlineData("\uFEFF")]
    public void Load_NothingInFile_IsNothingWrong(string text)
    {
        var objects = _directory.With("a.yaml", text).Load();

        Assert.Empty(objects.Problems);
        Assert.Equal(1, objects.Files);
    }

    [Fact]
    public void Load_EmptyDirectory_IsFine()
    {
        var objects = _directory.Load();

        Assert.Equal(("west", _directory.Path, 0), (objects.Cluster, objects.Source, objects.Files));
        Assert.Empty(objects.Problems);
    }

    [Fact]
    public void Load_WindowsLinesDirectivesAndMarkers_CountsDocumentsAndLines()
    {
        var text = "\uFEFF# first\n%YAML 1.2\n---\n" + Samples.Service("a") + "...\n# second\n---\n" + Samples.Service("b") + "---\nkind: 5\n";

        var objects = _directory.With("a.yaml", text.Replace("\n", "\r\n", StringComparison.Ordinal)).Load();

        Assert.Contains("a.yaml document 3, line 22", objects.Problems.Select(problem => problem.Where));
    }

    [Fact]
    public void Load_MarkerWithinBlockScalar_IsNotSeenWhenIndented()
    {
        var objects = _directory.With("a.yaml", """
            apiVersion: v1
            kind: Service
            metadata:
              name: web
              annotations:
                text: |
                  a
                  ---
                  ----- BEGIN
            spec: {ports: [{port: 80}]}
            """).Load();

        Assert.Equal("a\n---\n----- BEGIN\n", objects.Services[new ObjectKey("default", "web")].Meta.Annotation("text"));
    }

    [Fact]
    public void Load_AliasesAndMergeKeys_AreWrittenOut()
    {
        var objects = _directory.With("a.yaml", """
            x-defaults: &ports {ports: [{port: 80}], type: NodePort}
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              <<: *ports
              type: ClusterIP
            """).Load();

        var service = objects.Services[new ObjectKey("default", "web")];
        Assert.Equal((80, "ClusterIP"), (service.Ports[0].Port, service.Type));
    }

    [Fact]
    public void Load_NamesAndDirectories_TakesManifestsBelowTheRoot()
    {
        var objects = _directory
            .With("sub/deep/a.yml", Samples.Service("a"))
            .With(".hidden/b.yaml", Samples.Service("b"))
            .With(".c.yaml", Samples.Service("c"))
            .With("d.txt", Samples.Service("d"))
            .With("e.yaml~", Samples.Service("e"))
            .Load();

        Assert.Equal("a", Assert.Single(objects.Services).Key.Name);
        Assert.Equal(1, objects.Files);
    }
}
