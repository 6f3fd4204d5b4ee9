namespace ClusterMesh.Mesh.Tests.Policy;

/// <summary>What Kubernetes says of NetworkPolicy, sentence by sentence (cilium.md 4).</summary>
public sealed class KubernetesSemanticsTests
{
    private const string Web = "podSelector: {matchLabels: {app: web}}";

    [Theory]
    [InlineData("no policy", "", "client", "80/TCP", true)]
    [InlineData("selects another", "{podSelector: {matchLabels: {app: db}}}", "client", "80/TCP", true)]
    [InlineData("ingress is isolated by default", "{podSelector: {}}", "client", "80/TCP", false)]
    [InlineData("even without a spec", "{}", "client", "80/TCP", false)]
    [InlineData("the node itself always may", "{podSelector: {}}", "host", "80/TCP", true)]
    [InlineData("but not other nodes", "{podSelector: {}}", "remote-node", "80/TCP", false)]
    [InlineData("only egress is isolated", "{podSelector: {}, policyTypes: [Egress]}", "client", "80/TCP", true)]
    [InlineData("rules of a type that is not named have no effect", $"{{{Web}, policyTypes: [Egress], ingress: []}}", "client", "80/TCP", true)]
    [InlineData("an empty rule allows all", $"{{{Web}, ingress: [{{}}]}}", "10.1.2.3", "80/TCP", true)]
    [InlineData("empty from allows all", $"{{{Web}, ingress: [{{from: []}}]}}", "east/client", "80/TCP", true)]
    [InlineData("no rules allow nothing", $"{{{Web}, ingress: []}}", "client", "80/TCP", false)]
    [InlineData("podSelector, of this namespace", $"{{{Web}, ingress: [{{from: [{{podSelector: {{matchLabels: {{app: client}}}}}}]}}]}}", "client", "80/TCP", true)]
    [InlineData("podSelector, not of another namespace", $"{{{Web}, ingress: [{{from: [{{podSelector: {{matchLabels: {{app: client}}}}}}]}}]}}", "shop-client", "80/TCP", false)]
    [InlineData("podSelector, not of another cluster", $"{{{Web}, ingress: [{{from: [{{podSelector: {{matchLabels: {{app: client}}}}}}]}}]}}", "east/client", "80/TCP", false)]
    [InlineData("podSelector, other label", $"{{{Web}, ingress: [{{from: [{{podSelector: {{matchLabels: {{app: client}}}}}}]}}]}}", "db", "80/TCP", false)]
    [InlineData("empty podSelector is the namespace", $"{{{Web}, ingress: [{{from: [{{podSelector: {{}}}}]}}]}}", "db", "80/TCP", true)]
    [InlineData("empty podSelector is not the world", $"{{{Web}, ingress: [{{from: [{{podSelector: {{}}}}]}}]}}", "world", "80/TCP", false)]
    [InlineData("namespaceSelector", $"{{{Web}, ingress: [{{from: [{{namespaceSelector: {{matchLabels: {{team: shop}}}}}}]}}]}}", "cart", "80/TCP", true)]
    [InlineData("namespaceSelector by name", $"{{{Web}, ingress: [{{from: [{{namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: shop}}}}}}]}}]}}", "cart", "80/TCP", true)]
    [InlineData("namespaceSelector, not this one", $"{{{Web}, ingress: [{{from: [{{namespaceSelector: {{matchLabels: {{team: shop}}}}}}]}}]}}", "client", "80/TCP", false)]
    [InlineData("empty namespaceSelector is every namespace", $"{{{Web}, ingress: [{{from: [{{namespaceSelector: {{}}}}]}}]}}", "cart", "80/TCP", true)]
    [InlineData("empty namespaceSelector is not the world", $"{{{Web}, ingress: [{{from: [{{namespaceSelector: {{}}}}]}}]}}", "world", "80/TCP", false)]
    [InlineData("empty namespaceSelector is this cluster", $"{{{Web}, ingress: [{{from: [{{namespaceSelector: {{}}}}]}}]}}", "east/client", "80/TCP", false)]
    [InlineData("a NotIn namespaceSelector is not the world", $"{{{Web}, ingress: [{{from: [{{namespaceSelector: {{matchExpressions: [{{key: team, operator: NotIn, values: [x]}}]}}}}]}}]}}", "world", "80/TCP", false)]
    [InlineData("both selectors must hold", $"{{{Web}, ingress: [{{from: [{{podSelector: {{matchLabels: {{app: client}}}}, namespaceSelector: {{matchLabels: {{team: shop}}}}}}]}}]}}", "shop-client", "80/TCP", true)]
    [InlineData("both: wrong pod", $"{{{Web}, ingress: [{{from: [{{podSelector: {{matchLabels: {{app: client}}}}, namespaceSelector: {{matchLabels: {{team: shop}}}}}}]}}]}}", "cart", "80/TCP", false)]
    [InlineData("both: wrong namespace", $"{{{Web}, ingress: [{{from: [{{podSelector: {{matchLabels: {{app: client}}}}, namespaceSelector: {{matchLabels: {{team: shop}}}}}}]}}]}}", "client", "80/TCP", false)]
    [InlineData("separate peers: one suffices", $"{{{Web}, ingress: [{{from: [{{podSelector: {{matchLabels: {{app: client}}}}}}, {{namespaceSelector: {{matchLabels: {{team: shop}}}}}}]}}]}}", "cart", "80/TCP", true)]
    [InlineData("another cluster when it is named", $"{{{Web}, ingress: [{{from: [{{podSelector: {{matchLabels: {{io.cilium.k8s.policy.cluster: east}}}}}}]}}]}}", "east/client", "80/TCP", true)]
    [InlineData("then not the local one", $"{{{Web}, ingress: [{{from: [{{podSelector: {{matchLabels: {{io.cilium.k8s.policy.cluster: east}}}}}}]}}]}}", "client", "80/TCP", false)]
    [InlineData("ports: that one", $"{{{Web}, ingress: [{{ports: [{{port: 80}}]}}]}}", "client", "80/TCP", true)]
    [InlineData("ports: no other", $"{{{Web}, ingress: [{{ports: [{{port: 80}}]}}]}}", "client", "81/TCP", false)]
    [InlineData("ports: TCP unless said", $"{{{Web}, ingress: [{{ports: [{{port: 80}}]}}]}}", "client", "80/UDP", false)]
    [InlineData("ports: UDP", $"{{{Web}, ingress: [{{ports: [{{port: 80, protocol: UDP}}]}}]}}", "client", "80/UDP", true)]
    [InlineData("ports: a whole protocol", $"{{{Web}, ingress: [{{ports: [{{protocol: SCTP}}]}}]}}", "client", "7/SCTP", true)]
    [InlineData("ports: a whole protocol and no other", $"{{{Web}, ingress: [{{ports: [{{protocol: SCTP}}]}}]}}", "client", "7/TCP", false)]
    [InlineData("ports: empty is all, also ICMP", $"{{{Web}, ingress: [{{ports: []}}]}}", "client", "8/ICMP", true)]
    [InlineData("endPort: first", $"{{{Web}, ingress: [{{ports: [{{port: 8000, endPort: 8100}}]}}]}}", "client", "8000/TCP", true)]
    [InlineData("endPort: last", $"{{{Web}, ingress: [{{ports: [{{port: 8000, endPort: 8100}}]}}]}}", "client", "8100/TCP", true)]
    [InlineData("endPort: behind", $"{{{Web}, ingress: [{{ports: [{{port: 8000, endPort: 8100}}]}}]}}", "client", "8101/TCP", false)]
    [InlineData("endPort: before", $"{{{Web}, ingress: [{{ports: [{{port: 8000, endPort: 8100}}]}}]}}", "client", "7999/TCP", false)]
    [InlineData("named port: the receiver's", $"{{{Web}, ingress: [{{ports: [{{port: http}}]}}]}}", "client", "8080/TCP", true)]
    [InlineData("named port: not a peer's", $"{{{Web}, ingress: [{{ports: [{{port: http}}]}}]}}", "db", "9090/TCP", false)]
    [InlineData("named port: of the protocol", $"{{{Web}, ingress: [{{ports: [{{port: dns, protocol: UDP}}]}}]}}", "client", "53/TCP", false)]
    [InlineData("named port: that no container has", $"{{{Web}, ingress: [{{ports: [{{port: metrics}}]}}]}}", "client", "8080/TCP", false)]
    [InlineData("ipBlock", $"{{{Web}, ingress: [{{from: [{{ipBlock: {{cidr: 10.0.0.0/8}}}}]}}]}}", "10.1.2.3", "80/TCP", true)]
    [InlineData("ipBlock: outside", $"{{{Web}, ingress: [{{from: [{{ipBlock: {{cidr: 10.0.0.0/8}}}}]}}]}}", "11.1.2.3", "80/TCP", false)]
    [InlineData("ipBlock: except", $"{{{Web}, ingress: [{{from: [{{ipBlock: {{cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}}}]}}]}}", "10.1.2.3", "80/TCP", false)]
    [InlineData("ipBlock: beside the except", $"{{{Web}, ingress: [{{from: [{{ipBlock: {{cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}}}]}}]}}", "10.2.2.3", "80/TCP", true)]
    [InlineData("ipBlock is never a pod", $"{{{Web}, ingress: [{{from: [{{ipBlock: {{cidr: 0.0.0.0/0}}}}]}}]}}", "client", "80/TCP", false)]
    [InlineData("ipBlock is never a node", $"{{{Web}, ingress: [{{from: [{{ipBlock: {{cidr: 0.0.0.0/0}}}}]}}]}}", "remote-node", "80/TCP", false)]
    [InlineData("ipBlock of all is the world", $"{{{Web}, ingress: [{{from: [{{ipBlock: {{cidr: 0.0.0.0/0}}}}]}}]}}", "192.0.2.1", "80/TCP", true)]
    [InlineData("ipBlock of all, except", $"{{{Web}, ingress: [{{from: [{{ipBlock: {{cidr: 0.0.0.0/0, except: [192.0.2.0/24]}}}}]}}]}}", "192.0.2.1", "80/TCP", false)]
    public void Ingress_ToWeb(string what, string spec, string from, string port, bool allowed)
    {
        var world = new PolicyWorld().With(spec.Length == 0 ? "" : Yaml.Kubernetes(spec));

        Assert.Empty(world.Objects.Problems);
        Assert.True(allowed == world.Ingress(from, "web", port).Allowed, what);
    }

    [Theory]
    [InlineData("a policy of ingress leaves egress open", "{podSelector: {}}", "db", "80/TCP", true)]
    [InlineData("egress rules isolate egress", "{podSelector: {}, egress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]}", "client", "80/TCP", false)]
    [InlineData("and allow what they say", "{podSelector: {}, egress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]}", "db", "80/TCP", true)]
    [InlineData("empty egress rules do not isolate", "{podSelector: {}, egress: []}", "client", "80/TCP", true)]
    [InlineData("unless the type is named", "{podSelector: {}, policyTypes: [Egress], egress: []}", "client", "80/TCP", false)]
    [InlineData("the node is no exception on the way out", "{podSelector: {}, policyTypes: [Egress]}", "host", "80/TCP", false)]
    [InlineData("named port: the destination's", "{podSelector: {}, egress: [{ports: [{port: http}]}]}", "db", "9090/TCP", true)]
    [InlineData("named port: not another destination's", "{podSelector: {}, egress: [{ports: [{port: http}]}]}", "db", "8080/TCP", false)]
    [InlineData("named port: not the sender's", "{podSelector: {}, egress: [{ports: [{port: http}]}]}", "client", "8080/TCP", false)]
    [InlineData("named port: no peers, any cluster", "{podSelector: {}, egress: [{ports: [{port: http}]}]}", "east/web", "7070/TCP", true)]
    [InlineData("named port: the world has none", "{podSelector: {}, egress: [{ports: [{port: http}]}]}", "world", "9090/TCP", false)]
    [InlineData("named and numbered ports", "{podSelector: {}, egress: [{ports: [{port: http}, {port: 443}]}]}", "world", "443/TCP", true)]
    public void Egress_FromWeb(string what, string spec, string to, string port, bool allowed)
    {
        var world = new PolicyWorld().With(Yaml.Kubernetes(spec));

        Assert.Empty(world.Objects.Problems);
        Assert.True(allowed == world.Egress("web", to, port).Allowed, what);
    }

    [Fact]
    public void Decide_SeveralPolicies_AddUp()
    {
        var world = new PolicyWorld().With(
            Yaml.Kubernetes("{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: db}}}]}]}", "a")
            + Yaml.Kubernetes("{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: client}}}], ports: [{port: 443}]}]}", "b"));

        Assert.True(world.Ingress("db", "web").Allowed);
        Assert.False(world.Ingress("client", "web").Allowed);
        Assert.True(world.Ingress("client", "web", "443/TCP").Allowed);
        Assert.Equal("NetworkPolicy default/b spec.ingress[0]", world.Ingress("client", "web", "443/TCP").Rule!.ToString());
        Assert.Equal("NetworkPolicy default/a, NetworkPolicy default/b", string.Join(", ", world.PolicyOf("web").Ingress.IsolatedBy));
    }

    [Fact]
    public void Decide_PolicyOfAnotherNamespace_SelectsNothingHere()
    {
        var world = new PolicyWorld().With(Yaml.Kubernetes("{podSelector: {}}", space: "shop"));

        Assert.True(world.Ingress("client", "web").Allowed);
        Assert.False(world.Ingress("client", "cart").Allowed);
    }

    [Fact]
    public void Decide_RulesOfATypeThatIsNotNamed_AreIgnoredAndSaidSo()
    {
        var world = new PolicyWorld().With(Yaml.Kubernetes("{podSelector: {}, policyTypes: [Egress], ingress: [{from: [{podSelector: {matchLabels: {app: db}}}]}]}"));

        Assert.True(world.Ingress("client", "web").Allowed);
        Assert.Contains("policyTypes does not name Ingress", Assert.Single(world.Objects.Problems).Reason, StringComparison.Ordinal);
    }
}
