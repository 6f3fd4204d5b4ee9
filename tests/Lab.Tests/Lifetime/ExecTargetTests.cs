using ClusterMesh.Cli.Lab;
using ClusterMesh.Cli.Lab.Lifetime;

namespace ClusterMesh.Lab.Tests.Lifetime;

public sealed class ExecTargetTests
{
    private static readonly LabState s_state = new(
        "x", new(1, 1), true, "tunnel", [new("west", "west-node-1", "", "", "cmlab.x.west.node.west-node-1", "", "")],
        [Pod("west", "a"), Pod("east", "a"), Pod("east", "b")], [], []);

    [Theory]
    [InlineData("default/b", "cmlab.x.east.pod.default.b")]
    [InlineData("west/default/a", "cmlab.x.west.pod.default.a")]
    [InlineData("node:west-node-1", "cmlab.x.west.node.west-node-1")]
    [InlineData("outside", "cmlab.x.outside")]
    public void Target_ThatIsThere_IsItsNamespace(string target, string expected) => Assert.Equal(expected, ExecTarget.Resolve(s_state, target));

    [Theory]
    [InlineData("default/a", "'default/a' is in west and east: say which, as CLUSTER/default/a")]
    [InlineData("default/c", "'default/c' is not in this lab; there are west/default/a, east/default/a, east/default/b")]
    [InlineData("node:c", "'node:c' is not in this lab; there are node:west-node-1")]
    public void Target_ThatIsNotOne_IsRefused(string target, string expected) => Assert.Equal(expected, Assert.Throws<LabException>(() => ExecTarget.Resolve(s_state, target)).Message);

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("../x")]
    [InlineData("a-")]
    public void Name_ThatIsNoLabs_IsRefused(string name) => Assert.Throws<LabException>(() => new LabPaths(name));

    private static LabPodState Pod(string cluster, string name) => new(cluster, "default", name, "", "", $"cmlab.x.{cluster}.pod.default.{name}", "ready");
}
