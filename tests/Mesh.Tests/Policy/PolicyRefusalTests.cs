namespace ClusterMesh.Mesh.Tests.Policy;

/// <summary>What is refused, in which words, and that it never lets anything through (cilium.md 4).</summary>
public sealed class PolicyRefusalTests
{
    [Theory]
    [InlineData("ingress: [{fromEndpoints: [{}], toPorts: [{ports: [{port: \"80\", protocol: TCP}], rules: {http: [{headerMatches: [{name: a, secret: {name: b}}]}]}}]}]", "spec.ingress[0].toPorts[0].rules.http[0].headerMatches[0].secret")]
    [InlineData("ingress: [{fromEndpoints: [{}], toPorts: [{ports: [{port: \"80\", protocol: TCP}], rules: {kafka: [{topic: a}]}}]}]", "spec.ingress[0].toPorts[0].rules.kafka")]
    [InlineData("ingress: [{fromEndpoints: [{}], toPorts: [{ports: [{port: \"80\"}]}, {ports: [{port: \"443\"}], serverNames: [a.example]}]}]", "spec.ingress[0].toPorts[1].serverNames")]
    [InlineData("ingress: [{fromEndpoints: [{}], toPorts: [{ports: [{port: \"443\"}], terminatingTLS: {secret: {name: a}}}]}]", "spec.ingress[0].toPorts[0].terminatingTLS")]
    [InlineData("ingress: [{fromEndpoints: [{}], authentication: {mode: required}}]", "spec.ingress[0].authentication")]
    [InlineData("ingress: [{fromNodes: [{}]}]", "spec.ingress[0].fromNodes")]
    [InlineData("ingress: [{fromGroups: [{aws: {region: a}}]}]", "spec.ingress[0].fromGroups")]
    public void Read_NotEnforcedYet_IsSaidAndAllowsNothing(string rest, string field)
    {
        var world = new PolicyWorld().With(Yaml.Cilium(Yaml.Web(rest)));

        var problem = Assert.Single(world.Objects.Problems);
        Assert.Equal(("CiliumNetworkPolicy default/p", field, "is not enforced yet"), (problem.Subject, problem.Field, problem.Reason));
        Assert.Equal("the rule allows nothing, the endpoint stays isolated", problem.Instead);
        Assert.False(world.Ingress("client", "web").Allowed);
        Assert.False(world.Ingress("client", "web", "443/TCP").Allowed);
        Assert.True(world.Egress("web", "client").Allowed);
    }

    [Theory]
    [InlineData("egress: [{toFQDNs: [{matchName: a.example}]}]", "spec.egress[0].toFQDNs")]
    [InlineData("egress: [{toEndpoints: [{}], toPorts: [{ports: [{port: \"53\"}], rules: {dns: [{matchPattern: \"*\"}]}}]}]", "spec.egress[0].toPorts[0].rules.dns")]
    [InlineData("egress: [{toServices: [{k8sService: {serviceName: a}}]}]", "spec.egress[0].toServices")]
    [InlineData("egress: [{toEndpoints: [{}], toPorts: [{ports: [{port: \"80\"}], listener: {name: a}}]}]", "spec.egress[0].toPorts[0].listener")]
    public void Read_EgressNotEnforcedYet_AllowsNothing(string rest, string field)
    {
        var world = new PolicyWorld().With(Yaml.Cilium(Yaml.Web(rest)));

        Assert.Equal((field, "is not enforced yet"), (Assert.Single(world.Objects.Problems).Field, world.Objects.Problems[0].Reason));
        Assert.False(world.Egress("web", "client", "53/UDP").Allowed);
        Assert.False(world.Egress("web", "world").Allowed);
    }

    [Theory]
    [InlineData("ingress: [{fromEntities: [all]}, {fromEndpoints: [{}], toPorts: [{ports: [{port: \"80\", protocol: TCP}], rules: {kafka: [{}]}}]}]", true)]
    [InlineData("ingress: [{fromEntities: [all]}], ingressDeny: [{fromNodes: [{}]}]", false)]
    [InlineData("ingress: [{fromEntities: [all]}], ingressDeny: [{fromRequires: [{matchLabels: {a: b}}]}]", false)]
    [InlineData("ingress: [{fromEntities: [all]}, {fromRequires: [{matchLabels: {a: b}}]}]", false)]
    public void Read_NotEnforcedYet_OtherRulesStayAndWhatNarrowsThemDeniesAll(string rest, bool allowed)
    {
        var world = new PolicyWorld().With(Yaml.Cilium(Yaml.Web(rest)));

        Assert.Single(world.Objects.Problems);
        Assert.Equal(allowed, world.Ingress("client", "web").Allowed);
    }

    [Fact]
    public void Read_PlainPartsOfL7_AreNotRefused()
    {
        var world = new PolicyWorld().With(Yaml.Cilium(Yaml.Web(
            "ingress: [{fromEndpoints: [{}], authentication: {mode: disabled}, toPorts: [{ports: [{port: \"80\"}], rules: {}, serverNames: []}]}]")));

        Assert.Empty(world.Objects.Problems);
        Assert.True(world.Ingress("client", "web").Allowed);
    }

    [Fact]
    public void Read_PolicyOfNodes_IsSaidToHaveNoEffect()
    {
        var world = new PolicyWorld().With(Yaml.Clusterwide("{nodeSelector: {}, ingress: [{}]}"));

        Assert.StartsWith("this spec has no effect", Assert.Single(world.Objects.Problems).Instead, StringComparison.Ordinal);
        Assert.True(world.Ingress("client", "web").Allowed);
    }

    [Fact]
    public void Read_NodesInANamespace_AreRefusedAndPodsLeftAlone()
    {
        var world = new PolicyWorld().With(Yaml.Cilium("{nodeSelector: {}, ingress: [{}]}"));

        AssertRefused(world, "CiliumNetworkPolicy default/p", "spec.nodeSelector", "only a CiliumClusterwideNetworkPolicy");
        Assert.True(world.Ingress("client", "web").Allowed);
    }

    [Theory]
    [InlineData("{endpointSelector: {}}", "spec", "has no rules")]
    [InlineData("{ingress: [{}]}", "spec.endpointSelector", "is missing")]
    [InlineData("{endpointSelector: {}, nodeSelector: {}, ingress: [{}]}", "spec.nodeSelector", "beside endpointSelector")]
    [InlineData("{endpointSelector: {}, ingress: [{}], ingres: []}", "spec[\"ingres\"]", "\"ingres\" is not a field")]
    [InlineData("{endpointSelector: {}, ingress: [{fromEndpoint: [{}], toPorts: [{ports: [{port: \"80\"}]}]}]}", "spec.ingress[0][\"fromEndpoint\"]", "is not a field")]
    [InlineData("{endpointSelector: {}, ingress: [null]}", "spec.ingress[0]", "is missing")]
    [InlineData("{endpointSelector: {}, ingress: all}", "spec.ingress", "expected a list")]
    [InlineData("{endpointSelector: {}, ingress: [{fromEndpoints: [{}], fromCIDR: [10.0.0.0/8]}]}", "spec.ingress[0].fromCIDR", "beside fromEndpoints")]
    [InlineData("{endpointSelector: {}, ingress: [{fromEndpoints: [{}], fromEntities: [host]}]}", "spec.ingress[0].fromEntities", "beside fromEndpoints")]
    [InlineData("{endpointSelector: {}, ingress: [{fromEntities: [everyone]}]}", "spec.ingress[0].fromEntities[0]", "\"everyone\" is not one of all, world")]
    [InlineData("{endpointSelector: {}, ingress: [{fromCIDR: [10.0.0.0/33]}]}", "spec.ingress[0].fromCIDR[0]", "is not a CIDR")]
    [InlineData("{endpointSelector: {}, ingress: [{fromCIDR: [10.0.0.0/255.0.255.0]}]}", "spec.ingress[0].fromCIDR[0]", "is not a CIDR")]
    [InlineData("{endpointSelector: {}, ingress: [{fromCIDR: [\"10.1\"]}]}", "spec.ingress[0].fromCIDR[0]", "is not a CIDR")]
    [InlineData("{endpointSelector: {}, ingress: [{fromCIDRSet: [{cidr: 10.0.0.1}]}]}", "spec.ingress[0].fromCIDRSet[0].cidr", "is not a CIDR")]
    [InlineData("{endpointSelector: {}, ingress: [{fromCIDRSet: [{cidr: 10.0.0.0/8, except: [11.0.0.0/16]}]}]}", "spec.ingress[0].fromCIDRSet[0].except[0]", "does not lie in 10.0.0.0/8")]
    [InlineData("{endpointSelector: {}, ingress: [{fromCIDRSet: [{cidr: 10.0.0.0/8, except: [0.0.0.0/0]}]}]}", "spec.ingress[0].fromCIDRSet[0].except[0]", "does not lie in")]
    [InlineData("{endpointSelector: {}, ingress: [{fromCIDRSet: [{}]}]}", "spec.ingress[0].fromCIDRSet[0]", "expected one of cidr")]
    [InlineData("{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: \"70000\"}]}]}]}", "spec.ingress[0].toPorts[0].ports[0].port", "is neither")]
    [InlineData("{endpointSelector: {}, ingress: [{toPorts: [{ports: [{protocol: TCP}]}]}]}", "spec.ingress[0].toPorts[0].ports[0].port", "is missing")]
    [InlineData("{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: \"80\", endPort: 70}]}]}]}", "spec.ingress[0].toPorts[0].ports[0].endPort", "70 is less than the port 80")]
    [InlineData("{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: http, endPort: 70}]}]}]}", "spec.ingress[0].toPorts[0].ports[0].endPort", "beside a port's name")]
    [InlineData("{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: \"80\", protocol: QUIC}]}]}]}", "spec.ingress[0].toPorts[0].ports[0].protocol", "is not one of")]
    [InlineData("{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: \"80\", protocol: GRE}]}]}]}", "spec.ingress[0].toPorts[0].ports[0].port", "which GRE does not have")]
    [InlineData("{endpointSelector: {}, ingress: [{icmps: [{fields: [{type: 8}]}], toPorts: [{ports: [{port: \"80\"}]}]}]}", "spec.ingress[0].icmps", "beside toPorts")]
    [InlineData("{endpointSelector: {}, ingress: [{icmps: [{fields: [{type: 256}]}]}]}", "spec.ingress[0].icmps[0].fields[0].type", "256 is not a number from 0 to 255")]
    [InlineData("{endpointSelector: {}, ingress: [{icmps: [{fields: [{type: Ping}]}]}]}", "spec.ingress[0].icmps[0].fields[0].type", "is not an ICMP type")]
    [InlineData("{endpointSelector: {}, ingress: [{icmps: [{fields: [{type: 8, family: v4}]}]}]}", "spec.ingress[0].icmps[0].fields[0].family", "is not one of IPv4, IPv6")]
    [InlineData("{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: \"53\"}], rules: {dns: [{}]}}]}]}", "spec.ingress[0].toPorts[0].rules.dns", "for egress only")]
    [InlineData("{endpointSelector: {}, egress: [{toPorts: [{ports: [{port: \"80\", protocol: TCP}], rules: {http: [{}], dns: [{}]}}]}]}", "spec.egress[0].toPorts[0].rules", "has http and dns, expected one type")]
    [InlineData("{endpointSelector: {}, egress: [{toPorts: [{ports: [{port: \"0\", protocol: TCP}], rules: {http: [{}]}}]}]}", "spec.egress[0].toPorts[0].ports", "has port 0")]
    [InlineData("{endpointSelector: {}, egress: [{toPorts: [{ports: [{port: \"80\", protocol: UDP}], rules: {http: [{}]}}]}]}", "spec.egress[0].toPorts[0].ports", "expected TCP")]
    [InlineData("{endpointSelector: {}, egress: [{toPorts: [{rules: {http: [{}]}}]}]}", "spec.egress[0].toPorts[0].ports", "is missing")]
    [InlineData("{endpointSelector: {}, egress: [{toPorts: [{ports: [{port: \"80\"}], rules: {http: [{}]}}]}]}", "spec.egress[0].toPorts[0].ports", "expected TCP")]
    [InlineData("{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: \"80\"}], listener: {name: a}}]}]}", "spec.ingress[0].toPorts[0].listener", "for egress only")]
    [InlineData("{endpointSelector: {}, egress: [{toPorts: [{ports: [{port: \"80\", protocol: TCP}], listener: {name: a}, rules: {http: [{}]}}]}]}", "spec.egress[0].toPorts[0].listener", "beside rules")]
    [InlineData("{endpointSelector: {}, egress: [{toPorts: [{ports: [{port: \"80\", protocol: TCP}], serverNames: [a], rules: {http: [{}]}}]}]}", "spec.egress[0].toPorts[0].serverNames", "needs terminatingTLS")]
    [InlineData("{endpointSelector: {}, ingressDeny: [{toPorts: [{ports: [{port: \"80\", protocol: TCP}], rules: {http: [{}]}}]}]}", "spec.ingressDeny[0].toPorts[0][\"rules\"]", "is not a field")]
    [InlineData("{endpointSelector: {}, ingressDeny: [{authentication: {mode: required}}]}", "spec.ingressDeny[0][\"authentication\"]", "is not a field")]
    [InlineData("{endpointSelector: {matchExpressions: [{key: a, operator: In}]}, ingress: [{}]}", "spec.endpointSelector.matchExpressions[0].values", "is empty")]
    [InlineData("{endpointSelector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}, ingress: [{}]}", "spec.endpointSelector.matchExpressions[0].values", "does not take")]
    [InlineData("{endpointSelector: {matchExpressions: [{key: a, operator: Like}]}, ingress: [{}]}", "spec.endpointSelector.matchExpressions[0].operator", "is not one of")]
    [InlineData("{endpointSelector: {matchLabel: {a: b}}, ingress: [{}]}", "spec.endpointSelector[\"matchLabel\"]", "is not a field")]
    [InlineData("{endpointSelector: {}, ingress: [], enableDefaultDeny: {ingress: sure}}", "spec.enableDefaultDeny.ingress", "expected true or false")]
    public void Read_WrongCiliumPolicy_IsRefusedAndIsolates(string spec, string field, string reason)
    {
        var world = new PolicyWorld().With(Yaml.Cilium(spec));

        AssertRefused(world, "CiliumNetworkPolicy default/p", field, reason);
        Assert.False(spec.Contains("egress", StringComparison.Ordinal) ? world.Egress("web", "client").Allowed : world.Ingress("client", "web").Allowed);
    }

    [Theory]
    [InlineData("path: \"/a(\"", "path", "\"/a(\" is not a regular expression: InsufficientClosingParentheses at 3")]
    [InlineData("path: \"a)|(?:.*\"", "path", "is not a regular expression: InsufficientOpeningParentheses")]
    [InlineData("path: \"(?=a)a\"", "path", "cannot be matched in linear time")]
    [InlineData("path: '(a)\\1'", "path", "cannot be matched in linear time")]
    [InlineData("host: \"[[:letter:]]+\"", "host", "has [:letter:], which is not a class of characters")]
    [InlineData("method: \"((G{50}){50}){2}\"", "method", "counts to about 5000 states")]
    [InlineData("methods: GET", "[\"methods\"]", "is not a field")]
    [InlineData("headers: [\"a b\", \"\"]", "headers[1]", "is empty")]
    [InlineData("headers: [\"X-A\\u0001\"]", "headers[0]", "is not a header's name")]
    [InlineData("headers: [\":path /\"]", "headers[0]", "is not a header's name")]
    [InlineData("headerMatches: [{value: a}]", "headerMatches[0].name", "is missing")]
    [InlineData("headerMatches: [{name: content-length, value: \"0\", mismatch: REPLACE}]", "headerMatches[0].name", "content-length belongs to the connection")]
    [InlineData("headerMatches: [{name: Transfer-Encoding, value: chunked, mismatch: ADD}]", "headerMatches[0].name", "Transfer-Encoding belongs to the connection")]
    [InlineData("headerMatches: [{name: Host, mismatch: DELETE}]", "headerMatches[0].name", "or says whose request it is")]
    [InlineData("headerMatches: [{name: a, mismatch: IGNORE}]", "headerMatches[0].mismatch", "is not one of LOG, ADD, DELETE, REPLACE")]
    public void Read_WrongHttpRule_IsRefusedAndAllowsNothing(string rule, string field, string reason)
    {
        var world = new PolicyWorld().With(Yaml.Cilium(Yaml.Web($"ingress: [{{toPorts: [{{ports: [{{port: \"80\", protocol: TCP}}], rules: {{http: [{{{rule}}}]}}}}]}}]")));

        AssertRefused(world, "CiliumNetworkPolicy default/p", $"spec.ingress[0].toPorts[0].rules.http[0]{(field[0] == '[' ? "" : ".")}{field}", reason);
        Assert.False(world.Ingress("client", "web").Allowed);
    }

    [Theory]
    [InlineData("{podSelector: {}, ingress: [{from: [{}]}]}", "spec.ingress[0].from[0]", "is empty, expected podSelector")]
    [InlineData("{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}]}]}", "spec.ingress[0].from[0].ipBlock", "beside a selector")]
    [InlineData("{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/8]}}]}]}", "spec.ingress[0].from[0].ipBlock.except[0]", "does not lie in")]
    [InlineData("{podSelector: {}, ingress: [{from: [{podSelectors: {}}]}]}", "spec.ingress[0].from[0][\"podSelectors\"]", "is not a field")]
    [InlineData("{podSelector: {}, ingress: [{form: [{podSelector: {}}]}]}", "spec.ingress[0][\"form\"]", "is not a field")]
    [InlineData("{podSelector: {}, ingress: [null]}", "spec.ingress[0]", "is missing")]
    [InlineData("{podSelector: {}, ingress: [{ports: [{port: 0}]}]}", "spec.ingress[0].ports[0].port", "0 is not a number from 1 to 65535")]
    [InlineData("{podSelector: {}, ingress: [{ports: [{port: 80, endPort: 79}]}]}", "spec.ingress[0].ports[0].endPort", "79 is not a number from 80 to 65535")]
    [InlineData("{podSelector: {}, ingress: [{ports: [{endPort: 79}]}]}", "spec.ingress[0].ports[0].endPort", "without port")]
    [InlineData("{podSelector: {}, ingress: [{ports: [{port: http, endPort: 79}]}]}", "spec.ingress[0].ports[0].endPort", "beside a port's name")]
    [InlineData("{podSelector: {}, ingress: [{ports: [{port: a_b}]}]}", "spec.ingress[0].ports[0].port", "is not a port's name")]
    [InlineData("{podSelector: {}, ingress: [{ports: [{port: 80, protocol: ANY}]}]}", "spec.ingress[0].ports[0].protocol", "is not one of TCP, UDP, SCTP")]
    [InlineData("{podSelector: {}, policyTypes: [egress]}", "spec.policyTypes[0]", "\"egress\" is not one of Ingress, Egress")]
    [InlineData("{podSelector: {}, policyType: [Egress]}", "spec[\"policyType\"]", "is not a field")]
    public void Read_WrongKubernetesPolicy_IsRefusedAndIsolates(string spec, string field, string reason)
    {
        var world = new PolicyWorld().With(Yaml.Kubernetes(spec));

        AssertRefused(world, "NetworkPolicy default/p", field, reason);
        Assert.False(world.Ingress("client", "web").Allowed);
        Assert.Equal(!spec.Contains("policyType", StringComparison.Ordinal), world.Egress("web", "client").Allowed);
    }

    [Theory]
    [InlineData("ingress: [{fromEntities: [all]}], ingressDeny: [{fromCIDR: [10.0.0.0/99]}]", false)]
    [InlineData("ingress: [{fromEntities: [all]}], ingressDeny: [{fromEndpoints: [{}], toPorts: [{ports: [{port: x_y}]}]}]", false)]
    [InlineData("ingress: [{fromEntities: [all]}], ingressDeny: nobody", false)]
    [InlineData("ingress: [{fromEntities: [all]}, {fromCIDR: [10.0.0.0/99]}]", true)]
    public void Read_WrongRule_DenyingDeniesAllAndAllowingAllowsNothing(string rest, bool allowed) =>
        Assert.Equal(allowed, new PolicyWorld().With(Yaml.Cilium(Yaml.Web(rest))).Ingress("client", "web").Allowed);

    [Fact]
    public void Read_TooManyPorts_AreRefused()
    {
        var ports = string.Join(", ", Enumerable.Range(1, 41).Select(port => $"{{port: \"{port}\"}}"));
        var world = new PolicyWorld().With(Yaml.Cilium(Yaml.Web($"ingress: [{{toPorts: [{{ports: [{ports}]}}]}}]")));

        AssertRefused(world, "CiliumNetworkPolicy default/p", "spec.ingress[0].toPorts[0].ports", "has 41 ports, expected at most 40");
    }

    [Fact]
    public void Read_PortWithoutQuotes_IsTakenAndSaid()
    {
        var world = new PolicyWorld().With(Yaml.Cilium(Yaml.Web("ingress: [{toPorts: [{ports: [{port: 80}]}]}]")));

        Assert.Equal("read as \"80\"", Assert.Single(world.Objects.Problems).Instead);
        Assert.True(world.Ingress("client", "web").Allowed);
    }

    [Fact]
    public void Read_NullPeers_AreAsLeftOutAndSaid()
    {
        var world = new PolicyWorld().With(Yaml.Cilium(Yaml.Web("ingress: [{fromEndpoints: , toPorts: [{ports: [{port: \"80\"}]}]}]")));

        Assert.Equal("it does not restrict the peers", Assert.Single(world.Objects.Problems).Instead);
        Assert.True(world.Ingress("world", "web").Allowed);
    }

    [Fact]
    public void Read_UnreadableSelector_SelectsTooMuchAndNotTooLittle()
    {
        var world = new PolicyWorld().With(Yaml.Cilium("{endpointSelector: {matchExpressions: [{key: app, operator: Like, values: [web]}]}, ingress: [{}]}"));

        Assert.False(world.Ingress("client", "web").Allowed);
        Assert.False(world.Ingress("client", "db").Allowed);
        Assert.True(world.Ingress("client", "cart").Allowed);
    }

    private static void AssertRefused(PolicyWorld world, string subject, string field, string reason)
    {
        var problem = world.Objects.Problems[0];
        Assert.Equal((subject, field), (problem.Subject, problem.Field));
        Assert.Contains(reason, problem.Reason, StringComparison.Ordinal);
        Assert.StartsWith("nothing of this file is used, except that its network policies hold", problem.Instead, StringComparison.Ordinal);
    }
}
