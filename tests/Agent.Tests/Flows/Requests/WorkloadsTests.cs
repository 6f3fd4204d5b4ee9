using ClusterMesh.Agent.Flows.Requests;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Agent.Tests.Flows.Requests;

public sealed class WorkloadsTests
{
    [Theory]
    [InlineData("x-wing-6f9c8d7b5d-2kqzt", "", "x-wing")]
    [InlineData("node-exporter-7vxkq", "", "node-exporter")]
    [InlineData("rebel-base-0", "", "rebel-base")]
    [InlineData("rebel-base-12", "", "rebel-base")]
    [InlineData("web-green", "", "web-green")]
    [InlineData("web-green", "k8s:app=web", "web")]
    [InlineData("tiefighter", "k8s:app.kubernetes.io/name=tie k8s:app=other", "tie")]
    [InlineData("x-wing-6f9c8d7b5d-2kqzt", "k8s:app=other", "x-wing")]
    [InlineData(null, "k8s:app=x-wing", "x-wing")]
    [InlineData(null, "reserved:world", "world")]
    [InlineData(null, "", "unknown")]
    public void Name_OfAPeer_IsItsWorkloads(string? pod, string labels, string expected) =>
        Assert.Equal(expected, Workloads.NameOf(new("10.1.0.5", 0, 1, null, "demo", pod, labels.Split(' ', StringSplitOptions.RemoveEmptyEntries))));

    [Fact]
    public void Namespace_OfAPeer_IsThePodsElseTheIdentitys()
    {
        string[] labels = ["k8s:io.kubernetes.pod.namespace=demo"];
        Assert.Equal("shop", Workloads.NamespaceOf(new("10.1.0.5", 0, 1, null, "shop", "web", labels)));
        Assert.Equal("demo", Workloads.NamespaceOf(new("10.1.0.5", 0, 1, null, null, null, labels)));
        Assert.Equal("", Workloads.NamespaceOf(new("10.1.0.5", 0, 2, null, null, null, [])));
    }
}
