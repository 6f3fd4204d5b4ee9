using ClusterMesh.Agent.Probes;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Agent.Tests.Probes;

public sealed class GoneNodesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("clustermesh-probes-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Write_ThenRead_GivesThoseThatWereGone()
    {
        var file = Path.Combine(_directory, "state", "gone-nodes");
        new GoneNodes(file).Write(Nodes(("east/e1", "unreachable"), ("east/e2", "reachable"), ("west/n2", "unreachable")));
        Assert.Equal(["east/e1", "west/n2"], new GoneNodes(file).Read());
        new GoneNodes(file).Write(Nodes(("east/e1", "reachable"), ("west/n2", "unreachable")));
        Assert.Equal(["west/n2"], new GoneNodes(file).Read());
    }

    [Fact]
    public void Write_AllAreBack_ForgetsThem()
    {
        var file = Path.Combine(_directory, "gone-nodes");
        var gone = new GoneNodes(file);
        gone.Write(Nodes(("east/e1", "unreachable")));
        gone.Write(Nodes(("east/e1", "reachable")));
        Assert.Empty(new GoneNodes(file).Read());
    }

    [Fact]
    public void File_ThatCannotBe_IsNobodyGone()
    {
        Assert.Empty(new GoneNodes("/proc/nowhere/gone-nodes").Read());
        new GoneNodes("/proc/nowhere/gone-nodes").Write(Nodes(("east/e1", "unreachable")));
        Assert.Empty(new GoneNodes(null).Read());
    }

    private static NodeReachability Nodes(params (string Name, string State)[] nodes) =>
        new(NodeReachability.Unknown.Nodes.AddRange(nodes.Select(node => KeyValuePair.Create(node.Name, new NodeHealthStatus(node.State, null, default, null)))));
}
