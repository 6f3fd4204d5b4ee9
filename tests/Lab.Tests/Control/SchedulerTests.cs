using ClusterMesh.Cli.Lab;
using ClusterMesh.Cli.Lab.Control;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Lab.Tests.Control;

public sealed class SchedulerTests
{
    private static readonly string[] s_nodes = ["node-1", "node-2"];

    [Fact]
    public void Pods_WithoutAWish_GoRoundTheNodes() =>
        Assert.Equal("a:node-1 b:node-2 c:node-1 d:node-2", Place([Pod("a"), Pod("b"), Pod("c"), Pod("d")]));

    [Fact]
    public void Pod_WithAWish_HasIt() =>
        Assert.Equal("a:node-2 b:node-2 c:node-1", Place([Pod("a", "nodeName: node-2"), Pod("b", "nodeSelector: { kubernetes.io/hostname: node-2 }"), Pod("c")]));

    [Fact]
    public void Pods_ThatAreThere_StayAndCount() =>
        Assert.Equal("c:node-2", Place([Pod("a"), Pod("b"), Pod("c")], ("a", "node-1"), ("b", "node-1")));

    [Fact]
    public void Pod_ThatAsksForAnotherNode_IsRefused()
    {
        var error = Assert.Throws<LabException>(() => Place([Pod("a", "nodeName: node-9")]));
        Assert.Equal("Pod default/a: node node-9 is not there; there are node-1, node-2", error.Message);
    }

    private static string Place(IEnumerable<PodSpec> pods, params (string Name, string Node)[] placed)
    {
        var placement = Scheduler.Place(pods, s_nodes, placed.ToDictionary(pair => new ObjectKey("default", pair.Name), pair => pair.Node));
        return string.Join(' ', placement.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key.Name}:{pair.Value}"));
    }

    private static PodSpec Pod(string name, string spec = "containers: []") => new(new("default", name), Yaml.Pod(name, $"{{ {spec} }}"));
}
