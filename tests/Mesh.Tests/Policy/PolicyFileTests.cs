using System.Text;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Sources.Manifests;
using ClusterMesh.Mesh.Tests.Sources;

namespace ClusterMesh.Mesh.Tests.Policy;

/// <summary>Policies in files with errors: the last good version holds; without one, what can be read holds shut.</summary>
public sealed class PolicyFileTests
{
    private static readonly string s_good = Yaml.Cilium(Yaml.Web("ingress: [{fromEndpoints: [{}]}]")), s_bad = Yaml.Cilium(Yaml.Web("ingress: [{fromEndpoint: [{}]}]"));

    private readonly ClusterAssembly _assembly = new("west", "/manifests", TimeProvider.System);

    [Fact]
    public void Assemble_Policies_AreOfKnownKinds()
    {
        Assemble(s_good + Yaml.Kubernetes("{}") + Yaml.Clusterwide("{endpointSelector: {}, ingress: [{}]}") + Yaml.CidrGroup("g", "10.0.0.0/8")
            + "{apiVersion: cilium.io/v2alpha1, kind: CiliumCIDRGroup, metadata: {name: h}, spec: {externalCIDRs: [10.0.0.1]}}");

        var last = _assembly.Last;
        Assert.Empty(last.UnknownKinds);
        Assert.Empty(last.Problems);
        Assert.Equal((1, 1, 1, 2), (last.NetworkPolicies.Count, last.CiliumNetworkPolicies.Count, last.CiliumClusterwideNetworkPolicies.Count, last.CidrGroups.Count));
    }

    [Theory]
    [InlineData("{apiVersion: cilium.io/v3, kind: CiliumNetworkPolicy, metadata: {name: p}}", "\"cilium.io/v3\" has no CiliumNetworkPolicy")]
    [InlineData("{apiVersion: extensions/v1beta1, kind: NetworkPolicy, metadata: {name: p}}", "\"extensions/v1beta1\" has no NetworkPolicy")]
    public void Assemble_OtherVersion_IsAnError(string text, string reason)
    {
        Assemble(text);

        Assert.Contains(reason, Assert.Single(_assembly.Last.Problems).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Assemble_AnotherKindChanged_PoliciesKeepTheirReferences()
    {
        var (file, other) = (File(s_good + Yaml.CidrGroup("g", "10.0.0.0/8")), new ManifestFile("b.yaml").With(Bytes(Samples.Service("a"))));
        Assert.True(_assembly.Assemble([file, other], []));
        var (policies, groups) = (_assembly.Last.CiliumNetworkPolicies, _assembly.Last.CidrGroups);

        Assert.True(_assembly.Assemble([file, other.With(Bytes(Samples.Service("a", 81)))], []));
        Assert.Same(policies, _assembly.Last.CiliumNetworkPolicies);
        Assert.Same(groups, _assembly.Last.CidrGroups);
    }

    [Fact]
    public void Assemble_GoodFileBecomesBad_LastGoodPolicyHolds()
    {
        var file = File(s_good);
        _assembly.Assemble([file], []);
        var good = _assembly.Last.CiliumNetworkPolicies;

        _assembly.Assemble([file.With(Bytes(s_bad))], []);
        Assert.Same(good, _assembly.Last.CiliumNetworkPolicies);
        Assert.Equal("the file's last good version stays in force (1 object)", Assert.Single(_assembly.Last.Problems).Instead);
    }

    [Fact]
    public void Assemble_FileThatNeverWasGood_PoliciesHoldAndNothingElseIsUsed()
    {
        Assemble(s_bad + Yaml.Kubernetes("{ingress: [{}]}") + Samples.Service("a") + "---\n[");

        var last = _assembly.Last;
        Assert.Empty(last.Services);
        Assert.Equal("default/p", Assert.Single(last.NetworkPolicies).Key.ToString());
        var spec = Assert.Single(Assert.Single(last.CiliumNetworkPolicies).Specs);
        Assert.True(spec.IsolatesIngress);
        Assert.Equal([], Assert.Single(spec.Rules).Peers!.Value);
    }

    [Fact]
    public void Assemble_BadFileHealed_PolicyIsWhatItSays()
    {
        var file = File(s_bad);
        _assembly.Assemble([file], []);
        _assembly.Assemble([file.With(Bytes(s_good))], []);

        Assert.Empty(_assembly.Last.Problems);
        Assert.Single(_assembly.Last.CiliumNetworkPolicies[0].Specs[0].Rules[0].Peers!.Value);
    }

    private void Assemble(string text) => _assembly.Assemble([File(text)], []);

    private static ManifestFile File(string text) => new ManifestFile("a.yaml").With(Bytes(text));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
