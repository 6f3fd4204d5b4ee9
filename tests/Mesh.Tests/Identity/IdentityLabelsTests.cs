using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Tests.Identity;

public sealed class IdentityLabelsTests
{
    private readonly List<string> _bad = [];

    [Fact]
    public void Of_PlainPod_IsCiliumsExample() => Assert.Equal(
        "k8s:app=echo;k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name=default;k8s:io.cilium.k8s.policy.cluster=c1;k8s:io.cilium.k8s.policy.serviceaccount=default;k8s:io.kubernetes.pod.namespace=default;",
        Of([("app", "echo"), ("pod-template-hash", "5d4")], []));

    [Fact]
    public void Of_NamespaceLabels_TakePart() => Assert.Equal(
        "k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name=default;k8s:io.cilium.k8s.namespace.labels.team=red;k8s:io.cilium.k8s.policy.cluster=c1;k8s:io.cilium.k8s.policy.serviceaccount=default;k8s:io.kubernetes.pod.namespace=default;k8s:z=;",
        Of([("z", "")], [("team", "red")]));

    [Theory]
    [InlineData("io.kubernetes.pod.namespace")]
    [InlineData("io.cilium.k8s.policy.cluster")]
    [InlineData("io.cilium.k8s.policy.serviceaccount")]
    [InlineData("io.cilium.k8s.namespace.labels.team")]
    public void Of_PodThatNamesWhatIsNotItsOwn_IsNotBelieved(string label) => Assert.Equal(Of([], []), Of([(label, "admin")], []));

    [Theory]
    [InlineData("app", "a;k8s:role=admin")]
    [InlineData("app=b;k8s:x", "y")]
    [InlineData("", "y")]
    [InlineData("app", "a b")]
    public void Of_LabelThatKubernetesWouldNotTake_IsLeftOutAndNamed(string key, string value)
    {
        Assert.Equal(Of([], []), Of([(key, value)], []));
        Assert.Equal([key], _bad);
    }

    private string Of((string, string)[] labels, (string, string)[] space) => IdentityLabels.Of(
        new(new(new("default", "p"), Map(labels), ObjectMeta.None), "n1", []), Map(space), "c1", IdentityLabelFilter.Default, _bad);

    private static Dictionary<string, string> Map((string Key, string Value)[] labels) => labels.ToDictionary(label => label.Key, label => label.Value);
}
