using System.Text;
using ClusterMesh.Mesh.Sources.Manifests;

namespace ClusterMesh.Mesh.Tests.Sources;

public sealed class ClusterAssemblyTests
{
    private readonly ClusterAssembly _assembly = new("west", "/manifests", TimeProvider.System);

    [Fact]
    public void Assemble_OnlyACommentChanged_IsEqualToTheLast()
    {
        var file = new ManifestFile("a.yaml").With(Bytes(Samples.Service("a")));
        Assert.True(_assembly.Assemble([file], []));

        Assert.False(_assembly.Assemble([file.With(Bytes("# a comment\n" + Samples.Service("a")))], []));
        Assert.True(_assembly.Assemble([file.With(Bytes(Samples.Service("a", 81)))], []));
    }

    [Fact]
    public void Assemble_OnlyProblemsOrCountsChanged_IsSomethingNew()
    {
        var file = new ManifestFile("a.yaml").With(Bytes(Samples.Service("a")));
        Assert.True(_assembly.Assemble([file], []));

        Assert.True(_assembly.Assemble([file.WithRefusal("is too odd")], []));
        Assert.True(_assembly.Assemble([file], []));
        Assert.True(_assembly.Assemble([file, new ManifestFile("b.yaml").With(Bytes("{apiVersion: v1, kind: ConfigMap}"))], []));
        Assert.Equal((2, 1), (_assembly.Last.Files, _assembly.Last.UnknownKinds["v1/ConfigMap"]));
    }

    [Fact]
    public void Assemble_AnotherKindChanged_PodsAndNodesKeepTheirReferences()
    {
        var file = new ManifestFile("a.yaml").With(Bytes("{apiVersion: v1, kind: Pod, metadata: {name: a}}\n---\n{apiVersion: v1, kind: Node, metadata: {name: n}}"));
        var other = new ManifestFile("b.yaml").With(Bytes(Samples.Service("a")));
        Assert.True(_assembly.Assemble([file, other], []));
        var (pods, nodes) = (_assembly.Last.Pods, _assembly.Last.Nodes);

        Assert.True(_assembly.Assemble([file, other.With(Bytes(Samples.Service("a", 81)))], []));
        Assert.Same(pods, _assembly.Last.Pods);
        Assert.Same(nodes, _assembly.Last.Nodes);
        Assert.Equal(("a", "n"), (Assert.Single(pods).Key.Name, Assert.Single(nodes).Key.Name));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
