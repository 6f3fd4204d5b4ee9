namespace ClusterMesh.Mesh.Tests.Policy;

/// <summary>What Cilium's policies mean beyond Kubernetes' (cilium.md 1.7 and 4).</summary>
public sealed class CiliumSemanticsTests
{
    [Theory]
    [InlineData("a rule that says nothing isolates", "ingress: [{}]", "client", "80/TCP", false)]
    [InlineData("the node itself may all the same", "ingress: [{}]", "host", "80/TCP", true)]
    [InlineData("an empty section is as good as none", "ingress: []", "client", "80/TCP", true)]
    [InlineData("egress alone leaves ingress open", "egress: [{}]", "client", "80/TCP", true)]
    [InlineData("one {} is the namespace", "ingress: [{fromEndpoints: [{}]}]", "db", "80/TCP", true)]
    [InlineData("one {} is no other namespace", "ingress: [{fromEndpoints: [{}]}]", "cart", "80/TCP", false)]
    [InlineData("one {} is no other cluster", "ingress: [{fromEndpoints: [{}]}]", "east/client", "80/TCP", false)]
    [InlineData("one {} is not the world", "ingress: [{fromEndpoints: [{}]}]", "world", "80/TCP", false)]
    [InlineData("an empty list is nobody", "ingress: [{fromEndpoints: []}]", "db", "80/TCP", false)]
    [InlineData("an empty list is nobody, on any port", "ingress: [{fromEndpoints: [], toPorts: [{ports: [{port: \"80\"}]}]}]", "db", "80/TCP", false)]
    [InlineData("an empty list of CIDRs is nobody", "ingress: [{fromCIDR: [], toPorts: [{ports: [{port: \"80\"}]}]}]", "10.0.0.1", "80/TCP", false)]
    [InlineData("ports without peers are for everybody", "ingress: [{toPorts: [{ports: [{port: \"80\"}]}]}]", "world", "80/TCP", true)]
    [InlineData("and for nodes", "ingress: [{toPorts: [{ports: [{port: \"80\"}]}]}]", "remote-node", "80/TCP", true)]
    [InlineData("and for who is not known yet", "ingress: [{toPorts: [{ports: [{port: \"80\"}]}]}]", "unknown", "80/TCP", true)]
    [InlineData("on these ports only", "ingress: [{toPorts: [{ports: [{port: \"80\"}]}]}]", "world", "81/TCP", false)]
    [InlineData("a label, of any source", "ingress: [{fromEndpoints: [{matchLabels: {\"any:app\": client}}]}]", "client", "80/TCP", true)]
    [InlineData("a label, of Kubernetes", "ingress: [{fromEndpoints: [{matchLabels: {\"k8s:app\": client}}]}]", "client", "80/TCP", true)]
    [InlineData("a label, of another source", "ingress: [{fromEndpoints: [{matchLabels: {\"container:app\": client}}]}]", "client", "80/TCP", false)]
    [InlineData("a namespace that is named", "ingress: [{fromEndpoints: [{matchLabels: {io.kubernetes.pod.namespace: shop}}]}]", "cart", "80/TCP", true)]
    [InlineData("a namespace that is named, with its source", "ingress: [{fromEndpoints: [{matchLabels: {\"k8s:io.kubernetes.pod.namespace\": shop}}]}]", "cart", "80/TCP", true)]
    [InlineData("then not this one", "ingress: [{fromEndpoints: [{matchLabels: {io.kubernetes.pod.namespace: shop}}]}]", "client", "80/TCP", false)]
    [InlineData("a namespace by its labels", "ingress: [{fromEndpoints: [{matchLabels: {io.cilium.k8s.namespace.labels.team: shop}}]}]", "cart", "80/TCP", true)]
    [InlineData("a cluster that is named", "ingress: [{fromEndpoints: [{matchLabels: {app: client, io.cilium.k8s.policy.cluster: east}}]}]", "east/client", "80/TCP", true)]
    [InlineData("a cluster that is named is not the local one", "ingress: [{fromEndpoints: [{matchLabels: {app: client, io.cilium.k8s.policy.cluster: east}}]}]", "client", "80/TCP", false)]
    [InlineData("every cluster", "ingress: [{fromEndpoints: [{matchExpressions: [{key: io.cilium.k8s.policy.cluster, operator: Exists}]}]}]", "east/client", "80/TCP", true)]
    [InlineData("In", "ingress: [{fromEndpoints: [{matchExpressions: [{key: app, operator: In, values: [db, x]}]}]}]", "db", "80/TCP", true)]
    [InlineData("In, another value", "ingress: [{fromEndpoints: [{matchExpressions: [{key: app, operator: In, values: [db, x]}]}]}]", "client", "80/TCP", false)]
    [InlineData("NotIn", "ingress: [{fromEndpoints: [{matchExpressions: [{key: app, operator: NotIn, values: [db]}]}]}]", "client", "80/TCP", true)]
    [InlineData("NotIn without the label", "ingress: [{fromEndpoints: [{matchExpressions: [{key: tier, operator: NotIn, values: [back]}]}]}]", "client", "80/TCP", true)]
    [InlineData("NotIn, the value", "ingress: [{fromEndpoints: [{matchExpressions: [{key: tier, operator: NotIn, values: [back]}]}]}]", "db", "80/TCP", false)]
    [InlineData("Exists", "ingress: [{fromEndpoints: [{matchExpressions: [{key: tier, operator: Exists}]}]}]", "db", "80/TCP", true)]
    [InlineData("DoesNotExist", "ingress: [{fromEndpoints: [{matchExpressions: [{key: tier, operator: DoesNotExist}]}]}]", "db", "80/TCP", false)]
    [InlineData("a reserved identity", "ingress: [{fromEndpoints: [{matchLabels: {\"reserved:remote-node\": \"\"}}]}]", "remote-node", "80/TCP", true)]
    [InlineData("ANY is TCP", "ingress: [{toPorts: [{ports: [{port: \"80\", protocol: ANY}]}]}]", "client", "80/TCP", true)]
    [InlineData("ANY is UDP", "ingress: [{toPorts: [{ports: [{port: \"80\"}]}]}]", "client", "80/UDP", true)]
    [InlineData("ANY is SCTP", "ingress: [{toPorts: [{ports: [{port: \"80\"}]}]}]", "client", "80/SCTP", true)]
    [InlineData("ANY with a port is not ICMP", "ingress: [{toPorts: [{ports: [{port: \"8\"}]}]}]", "client", "8/ICMP", false)]
    [InlineData("port 0 is every port", "ingress: [{toPorts: [{ports: [{port: \"0\", protocol: TCP}]}]}]", "client", "1234/TCP", true)]
    [InlineData("port 0 of one protocol", "ingress: [{toPorts: [{ports: [{port: \"0\", protocol: TCP}]}]}]", "client", "1234/UDP", false)]
    [InlineData("port 0 of ANY is ICMP too", "ingress: [{toPorts: [{ports: [{port: \"0\"}]}]}]", "client", "8/ICMP", true)]
    [InlineData("toPorts without ports is every port", "ingress: [{toPorts: [{}]}]", "client", "8/ICMP", true)]
    [InlineData("a protocol without ports", "ingress: [{toPorts: [{ports: [{port: \"0\", protocol: GRE}]}]}]", "client", "0/GRE", true)]
    [InlineData("endPort", "ingress: [{toPorts: [{ports: [{port: \"1000\", endPort: 2000, protocol: TCP}]}]}]", "client", "2000/TCP", true)]
    [InlineData("endPort, behind", "ingress: [{toPorts: [{ports: [{port: \"1000\", endPort: 2000, protocol: TCP}]}]}]", "client", "2001/TCP", false)]
    [InlineData("a named port, whatever its case", "ingress: [{toPorts: [{ports: [{port: HTTP}]}]}]", "client", "8080/TCP", true)]
    [InlineData("ICMP by number", "ingress: [{icmps: [{fields: [{type: 8}]}]}]", "client", "8/ICMP", true)]
    [InlineData("ICMP by name", "ingress: [{icmps: [{fields: [{type: EchoRequest, family: IPv4}]}]}]", "client", "8/ICMP", true)]
    [InlineData("ICMP, type 0 is one type", "ingress: [{icmps: [{fields: [{type: EchoReply}]}]}]", "client", "8/ICMP", false)]
    [InlineData("ICMP is not ICMPv6", "ingress: [{icmps: [{fields: [{type: 128, family: IPv6}]}]}]", "client", "128/ICMP", false)]
    [InlineData("ICMPv6", "ingress: [{icmps: [{fields: [{type: EchoRequest, family: IPv6}]}]}]", "client", "128/ICMPV6", true)]
    [InlineData("ICMP with peers", "ingress: [{fromEndpoints: [{matchLabels: {app: db}}], icmps: [{fields: [{type: 8}]}]}]", "client", "8/ICMP", false)]
    [InlineData("CIDR", "ingress: [{fromCIDR: [10.0.0.0/8]}]", "10.9.9.9", "80/TCP", true)]
    [InlineData("CIDR of one address", "ingress: [{fromCIDR: [10.0.0.1]}]", "10.0.0.1", "80/TCP", true)]
    [InlineData("CIDR of one address, another", "ingress: [{fromCIDR: [10.0.0.1]}]", "10.0.0.2", "80/TCP", false)]
    [InlineData("CIDR with host bits", "ingress: [{fromCIDR: [10.0.0.77/24]}]", "10.0.0.5", "80/TCP", true)]
    [InlineData("CIDR is not the world", "ingress: [{fromCIDR: [10.0.0.0/8]}]", "192.0.2.1", "80/TCP", false)]
    [InlineData("CIDRSet, except", "ingress: [{fromCIDRSet: [{cidr: 10.0.0.0/8, except: [10.96.0.0/12]}]}]", "10.100.0.1", "80/TCP", false)]
    [InlineData("CIDRSet, beside the except", "ingress: [{fromCIDRSet: [{cidr: 10.0.0.0/8, except: [10.96.0.0/12]}]}]", "10.1.0.1", "80/TCP", true)]
    [InlineData("an except takes nothing from another rule", "ingress: [{fromCIDRSet: [{cidr: 10.0.0.0/8, except: [10.96.0.0/12]}]}, {fromCIDR: [10.96.0.0/16]}]", "10.96.0.1", "80/TCP", true)]
    [InlineData("denied: one of them", "ingress: [{fromEntities: [all]}], ingressDeny: [{fromEndpoints: [{matchLabels: {app: client}}]}]", "client", "80/TCP", false)]
    [InlineData("denied: not another", "ingress: [{fromEntities: [all]}], ingressDeny: [{fromEndpoints: [{matchLabels: {app: client}}]}]", "db", "80/TCP", true)]
    [InlineData("deny of all ports beats allow of one", "ingress: [{fromEndpoints: [{matchLabels: {app: client}}], toPorts: [{ports: [{port: \"80\"}]}]}], ingressDeny: [{fromEndpoints: [{matchLabels: {app: client}}]}]", "client", "80/TCP", false)]
    [InlineData("deny of everybody beats allow of one", "ingress: [{fromEndpoints: [{matchLabels: {app: client}}], toPorts: [{ports: [{port: \"80\"}]}]}], ingressDeny: [{fromEntities: [all]}]", "client", "80/TCP", false)]
    [InlineData("deny of a range beats allow of a port in it", "ingress: [{toPorts: [{ports: [{port: \"85\"}]}]}], ingressDeny: [{toPorts: [{ports: [{port: \"80\", endPort: 90, protocol: TCP}]}]}]", "client", "85/TCP", false)]
    [InlineData("and leaves the other protocol", "ingress: [{toPorts: [{ports: [{port: \"85\"}]}]}], ingressDeny: [{toPorts: [{ports: [{port: \"80\", endPort: 90, protocol: TCP}]}]}]", "client", "85/UDP", true)]
    [InlineData("deny of a port leaves the others", "ingress: [{fromEntities: [all]}], ingressDeny: [{toPorts: [{ports: [{port: \"22\"}]}]}]", "client", "80/TCP", true)]
    [InlineData("a rule that denies nobody", "ingress: [{fromEntities: [all]}], ingressDeny: [{}]", "client", "80/TCP", true)]
    [InlineData("deny alone isolates", "ingressDeny: [{fromEndpoints: [{matchLabels: {app: db}}]}]", "client", "80/TCP", false)]
    [InlineData("unless it says it does not", "ingressDeny: [{fromEndpoints: [{matchLabels: {app: db}}]}], enableDefaultDeny: {ingress: false}", "client", "80/TCP", true)]
    [InlineData("and then denies what it denies", "ingressDeny: [{fromEndpoints: [{matchLabels: {app: db}}]}], enableDefaultDeny: {ingress: false}", "db", "80/TCP", false)]
    [InlineData("the node can be denied", "ingressDeny: [{fromEntities: [host]}]", "host", "80/TCP", false)]
    [InlineData("isolating by word alone", "ingress: [], enableDefaultDeny: {ingress: true}", "client", "80/TCP", false)]
    public void Ingress_ToWeb(string what, string rest, string from, string port, bool allowed)
    {
        var world = new PolicyWorld().With(Yaml.Cilium(Yaml.Web(rest)));

        Assert.Empty(world.Objects.Problems);
        Assert.True(allowed == world.Ingress(from, "web", port).Allowed, what);
    }

    [Theory]
    [InlineData("all", "client east/client world 10.0.0.1 host remote-node ingress health unmanaged init kube-apiserver unknown", "")]
    [InlineData("none", "", "client east/client world 10.0.0.1 remote-node")]
    [InlineData("world", "world 10.0.0.1 192.0.2.1 world-ipv4 world-ipv6", "client east/client remote-node kube-apiserver unknown")]
    [InlineData("world-ipv4", "world 10.0.0.1 192.0.2.1 world-ipv4", "fd00::1 world-ipv6 client")]
    [InlineData("world-ipv6", "fd00::1 world-ipv6", "world 10.0.0.1 client")]
    [InlineData("cluster", "client cart host remote-node health ingress unmanaged init kube-apiserver", "east/client east/web world 10.0.0.1 unknown")]
    [InlineData("cluster-mesh", "client cart east/client host remote-node health ingress unmanaged init kube-apiserver", "world 10.0.0.1 unknown")]
    [InlineData("host", "host", "remote-node client world")]
    [InlineData("remote-node", "remote-node kube-apiserver", "client world health")]
    [InlineData("kube-apiserver", "kube-apiserver", "remote-node client world")]
    [InlineData("ingress", "ingress", "remote-node client world")]
    [InlineData("health", "health", "remote-node client world")]
    [InlineData("unmanaged", "unmanaged", "remote-node client world")]
    [InlineData("init", "init", "remote-node client world")]
    public void Ingress_FromEntity_IsThoseAndNoOthers(string entity, string allowed, string others)
    {
        var world = new PolicyWorld().With(
            Yaml.Cilium(Yaml.Web($"ingress: [{{fromEntities: [{entity}]}}]")) + Yaml.Cilium(Yaml.Web("egress: [{toCIDR: [10.0.0.0/8, \"fd00::/16\"]}]"), "cidrs"));

        Assert.Empty(world.Objects.Problems);
        Assert.All(Words(allowed), peer => Assert.True(world.Ingress(peer, "web").Allowed, peer));
        Assert.All(Words(others), peer => Assert.False(world.Ingress(peer, "web").Allowed, peer));
    }

    [Fact]
    public void Decide_EnableDefaultDeny_AnyTrueWins()
    {
        var open = Yaml.Cilium(Yaml.Web("ingress: [{fromEntities: [world]}], enableDefaultDeny: {ingress: false}"), "open");

        Assert.True(new PolicyWorld().With(open).Ingress("client", "web").Allowed);
        Assert.False(new PolicyWorld().With(open + Yaml.Kubernetes("{podSelector: {}}")).Ingress("client", "web").Allowed);
        Assert.True(new PolicyWorld().With(open + Yaml.Kubernetes("{podSelector: {}}")).Ingress("world", "web").Allowed);
    }

    [Fact]
    public void Decide_Specs_AreAllInForce()
    {
        var world = new PolicyWorld().With("""
            apiVersion: cilium.io/v2
            kind: CiliumNetworkPolicy
            metadata: {name: p}
            specs:
            - endpointSelector: {matchLabels: {app: web}}
              ingress: [{fromEndpoints: [{matchLabels: {app: client}}]}]
            - endpointSelector: {matchLabels: {app: db}}
              ingress: [{fromEndpoints: [{matchLabels: {app: web}}]}]
            """);

        Assert.True(world.Ingress("client", "web").Allowed);
        Assert.False(world.Ingress("client", "db").Allowed);
        Assert.Equal("CiliumNetworkPolicy default/p specs[1].ingress[0]", world.Ingress("web", "db").Rule!.ToString());
    }

    [Fact]
    public void Decide_Clusterwide_SelectsEveryNamespaceOfThisCluster()
    {
        var world = new PolicyWorld().With(Yaml.Clusterwide("{endpointSelector: {}, ingress: [{fromEndpoints: [{}]}]}"));

        Assert.True(world.Ingress("cart", "web").Allowed);
        Assert.True(world.Ingress("web", "cart").Allowed);
        Assert.False(world.Ingress("east/client", "web").Allowed);
        Assert.False(world.Ingress("world", "cart").Allowed);
        Assert.False(world.Ingress("remote-node", "cart").Allowed);
    }

    [Fact]
    public void Decide_SubjectThatNamesANamespace_IsOfThePolicysOwn()
    {
        var world = new PolicyWorld().With(Yaml.Cilium("{endpointSelector: {matchLabels: {io.kubernetes.pod.namespace: shop}}, ingress: [{}]}"));

        Assert.Equal("its namespace default is used", Assert.Single(world.Objects.Problems).Instead);
        Assert.False(world.Ingress("client", "web").Allowed);
        Assert.True(world.Ingress("client", "cart").Allowed);
    }

    [Theory]
    [InlineData("{cidrGroupRef: offices}", "192.0.2.1", true)]
    [InlineData("{cidrGroupRef: offices}", "198.51.100.7", true)]
    [InlineData("{cidrGroupRef: offices}", "203.0.113.1", false)]
    [InlineData("{cidrGroupRef: offices, except: [192.0.2.0/28]}", "192.0.2.1", false)]
    [InlineData("{cidrGroupRef: offices, except: [192.0.0.0/16]}", "192.0.2.99", false)]
    [InlineData("{cidrGroupSelector: {matchLabels: {kind: partners}}}", "203.0.113.1", true)]
    [InlineData("{cidrGroupSelector: {matchLabels: {kind: partners}}}", "192.0.2.1", false)]
    [InlineData("{cidrGroupSelector: {}}", "192.0.2.1", true)]
    public void Ingress_FromCidrGroup(string set, string from, bool allowed)
    {
        var world = new PolicyWorld().With(
            Yaml.CidrGroup("offices", "192.0.2.0/24", "198.51.100.7") + Yaml.CidrGroup("partners", "203.0.113.0/24") + Yaml.Cilium(Yaml.Web($"ingress: [{{fromCIDRSet: [{set}]}}]")));

        Assert.Empty(world.Objects.Problems);
        Assert.Equal(allowed, world.Ingress(from, "web").Allowed);
    }

    [Fact]
    public void Decide_MissingCidrGroup_AllowsNothingAndDeniesTheWorld()
    {
        var world = new PolicyWorld().With(Yaml.Cilium(Yaml.Web("ingress: [{fromCIDRSet: [{cidrGroupRef: gone}]}]")));
        Assert.False(world.Ingress("192.0.2.1", "web").Allowed);
        Assert.Equal("it allows nothing", Assert.Single(world.Repository.Problems).Instead);

        world.With(Yaml.Cilium(Yaml.Web("ingress: [{fromEntities: [all]}], ingressDeny: [{fromCIDRSet: [{cidrGroupRef: gone}]}]")));
        Assert.False(world.Ingress("192.0.2.1", "web").Allowed);
        Assert.True(world.Ingress("client", "web").Allowed);

        world.With(Yaml.CidrGroup("gone", "198.51.100.0/24") + Yaml.Cilium(Yaml.Web("ingress: [{fromEntities: [all]}], ingressDeny: [{fromCIDRSet: [{cidrGroupRef: gone}]}]")));
        Assert.Empty(world.Repository.Problems);
        Assert.True(world.Ingress("192.0.2.1", "web").Allowed);
        Assert.False(world.Ingress("198.51.100.1", "web").Allowed);
    }

    [Fact]
    public void Egress_NamedPortWithPeers_IsEachPeersOwn()
    {
        var world = new PolicyWorld().With(Yaml.Cilium(Yaml.Web("egress: [{toEndpoints: [{matchLabels: {app: db}}], toPorts: [{ports: [{port: http, protocol: TCP}]}]}]")));

        Assert.True(world.Egress("web", "db", "9090/TCP").Allowed);
        Assert.False(world.Egress("web", "db", "8080/TCP").Allowed);
        Assert.False(world.Egress("web", "east/web", "7070/TCP").Allowed);
    }

    [Fact]
    public void Decide_DeniedAndNotAllowed_TellTheReasonAndTheRule()
    {
        var world = new PolicyWorld().With(Yaml.Cilium(Yaml.Web("ingress: [{fromEntities: [cluster]}], ingressDeny: [{}, {fromEndpoints: [{matchLabels: {app: client}}]}]")));

        var denied = world.Ingress("client", "web");
        Assert.Equal((ClusterMesh.Mesh.Policy.Entries.PolicyReason.Denied, "CiliumNetworkPolicy default/p spec.ingressDeny[1]"), (denied.Reason, denied.Rule!.ToString()));
        Assert.Equal((ClusterMesh.Mesh.Policy.Entries.PolicyReason.NotAllowed, null), (world.Ingress("world", "web").Reason, world.Ingress("world", "web").Rule));
        Assert.Equal("spec.ingress[0]", world.Ingress("host", "web").Rule!.Rule);
        Assert.Equal("not isolated", world.Egress("web", "client").Rule!.ToString());
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
