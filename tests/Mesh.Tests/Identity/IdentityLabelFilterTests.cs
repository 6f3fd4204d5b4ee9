using ClusterMesh.Mesh.Identity;

namespace ClusterMesh.Mesh.Tests.Identity;

public sealed class IdentityLabelFilterTests
{
    [Theory]
    [InlineData("app", true)]
    [InlineData("app.kubernetes.io/name", true)]
    [InlineData("io.kubernetes.pod.namespace", true)]
    [InlineData("io.kubernetes.pod.name", false)]
    [InlineData("io.cilium.k8s.namespace.labels.team", true)]
    [InlineData("io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name", true)]
    [InlineData("io.cilium.k8s.policy.cluster", true)]
    [InlineData("io.cilium.k8s.policy.serviceaccount", true)]
    [InlineData("kubernetes.io/arch", false)]
    [InlineData("failure-domain.beta.kubernetes.io/zone", false)]
    [InlineData("topology.kubernetes.io/zone", false)]
    [InlineData("statefulset.kubernetes.io/pod-name", false)]
    [InlineData("apps.kubernetes.io/pod-index", false)]
    [InlineData("batch.kubernetes.io/job-completion-index", false)]
    [InlineData("batch.kubernetes.io/controller-uid", false)]
    [InlineData("batch.kubernetes.io/job-name", true)]
    [InlineData("k8s.io/x", false)]
    [InlineData("pod-template-hash", false)]
    [InlineData("pod-template-generation", false)]
    [InlineData("controller-revision-hash", false)]
    [InlineData("controller-uid", false)]
    [InlineData("annotation.x", false)]
    [InlineData("etcd_node", false)]
    [InlineData("my-controller-uid", true)]
    public void Includes_Default_DropsWhatCiliumDrops(string key, bool included) => Assert.Equal(included, IdentityLabelFilter.Default.Includes(key));

    [Theory]
    [InlineData("!version", "version", false)]
    [InlineData("!version", "app", true)]
    [InlineData("k8s:!version", "version", false)]
    [InlineData("app", "app", true)]
    [InlineData("app", "tier", false)]
    [InlineData("app", "io.kubernetes.pod.namespace", true)]
    [InlineData("app", "application", true)]
    [InlineData("app$", "application", false)]
    [InlineData("kubernetes\\.io/arch", "kubernetes.io/arch", true)]
    [InlineData("kubernetes\\.io/arch", "kubernetes.io/os", false)]
    [InlineData("!io\\.cilium\\.k8s\\.namespace\\.labels\\.team", "io.cilium.k8s.namespace.labels.team", false)]
    public void Includes_MoreRules_LongerIncludeWinsAndAnIncludeMeansOnlyThat(string rules, string key, bool included) =>
        Assert.Equal(included, IdentityLabelFilter.Parse(rules).Includes(key));

    [Theory]
    [InlineData("(")]
    [InlineData("!")]
    [InlineData("app k8s:!")]
    public void Parse_BadRule_SaysWhich(string rules) =>
        Assert.Contains(rules.Split(' ')[^1], Assert.Throws<ArgumentException>(() => IdentityLabelFilter.Parse(rules)).Message, StringComparison.Ordinal);
}
