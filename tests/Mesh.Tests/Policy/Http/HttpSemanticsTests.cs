using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Policy.Http;

namespace ClusterMesh.Mesh.Tests.Policy.Http;

/// <summary>Whether requests pass (cilium.md 3.3 and 4).</summary>
public sealed class HttpSemanticsTests
{
    private const string Clients = "fromEndpoints: [{matchLabels: {app: client}}]";

    [Theory]
    [InlineData("{method: GET}", "GET /a", true)]
    [InlineData("{method: GET}", "POST /a", false)]
    [InlineData("{path: \"/public/.*\"}", "POST /public/a", true)]
    [InlineData("{method: GET, path: \"/public/.*\"}", "POST /public/a", false)]
    [InlineData("{method: GET}, {path: \"/public/.*\"}", "POST /public/a", true)]
    [InlineData("{host: \"web|web[.]default\"}", "GET /", true)]
    [InlineData("{host: \"web\"}", "GET / host=web:8080", false)]
    [InlineData("{}", "DELETE /", true)]
    [InlineData("{method: \"\"}", "DELETE /", true)]
    [InlineData("{headers: [X-Token]}", "GET /", false)]
    [InlineData("{headers: [X-Token]}", "GET / x-token=", true)]
    [InlineData("{headers: [\"X-Token a\"]}", "GET / x-token=a", true)]
    [InlineData("{headers: [\"X-Token: a b\"]}", "GET / x-token=a_b", true)]
    [InlineData("{headers: [\"X-Token a\"]}", "GET / x-token=ab", false)]
    [InlineData("{headers: [\"X-A\", \"X-B\"]}", "GET / x-a=1", false)]
    [InlineData("{headerMatches: [{name: x-a, value: \"1\"}]}", "GET / X-A=1", true)]
    [InlineData("{headerMatches: [{name: x-a, value: \"1\"}]}", "GET / X-A=2", false)]
    [InlineData("{headerMatches: [{name: x-a}]}", "GET / X-A=2", true)]
    [InlineData("{headerMatches: [{name: x-a, value: \"1\", mismatch: LOG}]}", "GET /", true)]
    [InlineData("{headerMatches: [{name: content-length, value: \"1\", mismatch: LOG}]}", "GET /", true)]
    [InlineData("{headerMatches: [{name: content-length, value: \"1\"}]}", "GET / content-length=1", true)]
    [InlineData("{method: PUT, headerMatches: [{name: x-a, value: \"1\", mismatch: LOG}]}", "GET /", false)]
    public void DecideHttp_Rules_AllOfOneOfThem(string rules, string request, bool allowed)
    {
        var world = Web($"ingress: [{{{Clients}, {Http(rules)}}}]");

        Assert.Empty(world.Objects.Problems);
        Assert.True(world.Ingress("client", "web") is { Allowed: true, Redirects: true });
        var verdict = Ask(world, "client", request);
        Assert.Equal((allowed, allowed ? 0 : 1), (verdict.Allowed, verdict.Tried.Length));
        Assert.Equal("CiliumNetworkPolicy default/p spec.ingress[0].toPorts[0]", (allowed ? verdict.Rule : verdict.Tried[0])!.ToString());
        Assert.Equal(PolicyReason.NotAllowed, Ask(world, "db", request).Reason);
    }

    [Theory]
    [InlineData("LOG", "2", "Log")]
    [InlineData("ADD", "2", "Add")]
    [InlineData("DELETE", "2", "Delete")]
    [InlineData("REPLACE", "2", "Replace")]
    [InlineData("REPLACE", "1", null)]
    public void DecideHttp_Mismatch_IsAnEdit(string mismatch, string sent, string? action)
    {
        var verdict = Ask(Web($"ingress: [{{{Clients}, {Http($"{{headerMatches: [{{name: x-a, value: \"1\", mismatch: {mismatch}}}]}}")}}}]"), "client", $"GET / x-a={sent}");

        Assert.True(verdict.Allowed);
        Assert.Equal(action is null ? [] : [new HeaderEdit(Enum.Parse<HeaderMismatch>(action), "x-a", "1")], verdict.Edits.ToArray());
        Assert.DoesNotContain("1", verdict.Edits.Select(edit => edit.ToString()));
    }

    [Fact]
    public void DecideHttp_SeveralRulesThatEdit_AllThatMatchDo()
    {
        var add = "{headerMatches: [{name: x-a, value: \"1\", mismatch: ADD}]}, {method: GET, headerMatches: [{name: x-b, value: \"1\", mismatch: ADD}]}, {method: PUT, headerMatches: [{name: x-c, mismatch: ADD}]}";
        Assert.Equal(["x-a", "x-b"], Ask(Web($"ingress: [{{{Clients}, {Http(add)}}}]"), "client", "GET /").Edits.Select(edit => edit.Name));
    }

    [Theory]
    // A plain rule beside one of HTTP opens it, for the same peers, for more ports, for everybody.
    [InlineData("{CLIENTS, HTTP}, {CLIENTS, toPorts: [{ports: [{port: \"80\", protocol: TCP}]}]}", "proxy", true)]
    [InlineData("{CLIENTS, HTTP}, {CLIENTS}", "proxy", true)]
    [InlineData("{CLIENTS, HTTP}, {fromEntities: [all]}", "proxy", true)]
    [InlineData("{fromEntities: [all], HTTP}, {CLIENTS, toPorts: [{ports: [{port: \"80\", protocol: TCP}]}]}", "proxy", true)]
    // A wider one of HTTP is not passed by with a narrower plain one.
    [InlineData("{CLIENTS, toPorts: [{ports: [{port: \"1\", endPort: 100, protocol: TCP}], rules: {http: [{method: PUT}]}}]}, {CLIENTS, toPorts: [{ports: [{port: \"80\", protocol: TCP}]}]}", "proxy", true)]
    [InlineData("{CLIENTS, HTTP}, {CLIENTS, toPorts: [{ports: [{port: \"81\", protocol: TCP}]}]}", "proxy", false)]
    // Two of HTTP are a union.
    [InlineData("{CLIENTS, HTTP}, {fromEntities: [all], toPorts: [{ports: [{port: \"80\", protocol: TCP}], rules: {http: [{method: GET}]}}]}", "proxy", true)]
    [InlineData("{CLIENTS, HTTP}, {CLIENTS, toPorts: [{ports: [{port: \"1\", endPort: 100, protocol: TCP}], rules: {http: [{method: GET}]}}]}", "proxy", true)]
    // Each of toPorts has its own.
    [InlineData("{CLIENTS, toPorts: [{ports: [{port: \"80\", protocol: TCP}], rules: {http: [{method: PUT}]}}, {ports: [{port: \"81\", protocol: TCP}], rules: {http: [{method: GET}]}}]}", "proxy", false)]
    [InlineData("{CLIENTS, toPorts: [{ports: [{port: \"80\", protocol: TCP}]}, {ports: [{port: \"81\", protocol: TCP}], rules: {http: [{method: GET}]}}]}", "pass", true)]
    [InlineData("{CLIENTS, toPorts: [{ports: [{port: http, protocol: TCP}], rules: {http: [{method: GET}]}}]}", "drop", false)]
    [InlineData("{CLIENTS, toPorts: [{ports: [{port: \"80\", protocol: TCP}], rules: {http: []}}]}", "pass", true)]
    public void DecideHttp_RulesThatMeet_AreAUnion(string rules, string connection, bool allowed)
    {
        rules = rules.Replace("CLIENTS", Clients, StringComparison.Ordinal).Replace("HTTP", Http("{method: PUT}"), StringComparison.Ordinal);
        var world = Web($"ingress: [{rules}]");

        var verdict = world.Ingress("client", "web");
        Assert.Equal(connection, !verdict.Allowed ? "drop" : verdict.Redirects ? "proxy" : "pass");
        Assert.Equal(allowed, Ask(world, "client", "GET /").Allowed);
    }

    [Theory]
    [InlineData("ingressDeny: [{CLIENTS}]")]
    [InlineData("ingressDeny: [{CLIENTS, toPorts: [{ports: [{port: \"80\"}]}]}]")]
    [InlineData("ingressDeny: [{fromEntities: [all], toPorts: [{ports: [{port: \"70\", endPort: 90}]}]}]")]
    public void DecideHttp_Denied_NoRequestIsAsked(string deny)
    {
        var world = Web($"ingress: [{{{Clients}, {Http("{}")}}}], {deny.Replace("CLIENTS", Clients, StringComparison.Ordinal)}");

        Assert.Equal(PolicyReason.Denied, world.Ingress("client", "web").Reason);
        var verdict = Ask(world, "client", "GET /");
        Assert.Equal((PolicyReason.Denied, "CiliumNetworkPolicy default/p spec.ingressDeny[0]"), (verdict.Reason, verdict.Rule!.ToString()));
    }

    /// <summary>Cilium: enableDefaultDeny does not apply to rules of HTTP.</summary>
    [Fact]
    public void DecideHttp_NotIsolated_HttpRulesAreEnforcedAndTheRestIsOpen()
    {
        var world = Web($"ingress: [{{fromEntities: [all], {Http("{method: GET}")}}}], enableDefaultDeny: {{ingress: false}}");

        Assert.True(Ask(world, "client", "GET /").Allowed);
        Assert.Equal(PolicyReason.Refused, Ask(world, "client", "PUT /").Reason);
        Assert.True(world.Ingress("client", "web", "81/TCP") is { Allowed: true, Redirects: false });
        Assert.True(Ask(world, "host", "PUT /").Allowed);
    }

    /// <summary>Who is isolated by nobody may not be refused what the same rules allow him where he is.</summary>
    [Theory]
    [InlineData("{fromEntities: [all], toPorts: [{ports: [{port: \"80\", protocol: TCP}]}]}")]
    [InlineData("{fromEntities: [all]}")]
    [InlineData("{CLIENTS, toPorts: [{ports: [{port: \"80\", protocol: TCP}]}]}")]
    [InlineData("{CLIENTS}")]
    [InlineData("{fromEntities: [all], toPorts: [{ports: [{port: \"1\", endPort: 100, protocol: TCP}]}]}")]
    public void DecideHttp_NotIsolated_APlainRuleStillOpensWhatOneOfHttpAsksAbout(string plain)
    {
        foreach (var rest in new[] { "", ", enableDefaultDeny: {ingress: false}" })
        {
            var world = Web($"ingress: [{plain.Replace("CLIENTS", Clients, StringComparison.Ordinal)}, {{{Clients}, {Http("{method: GET}")}}}]{rest}");
            var verdict = Ask(world, "client", "POST /");
            Assert.Equal((true, "CiliumNetworkPolicy default/p spec.ingress[0]"), (verdict.Allowed, verdict.Rule?.ToString().Replace(".toPorts[0]", "", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void DecideHttp_NodeItself_IsAllowedEverything()
    {
        var world = Web($"ingress: [{{fromEntities: [all], {Http("{method: GET}")}}}]");

        Assert.True(world.Ingress("host", "web").Redirects);
        Assert.Equal(RuleOrigin.AllowLocalhost, Ask(world, "host", "PUT /").Rule);
    }

    [Fact]
    public void DecideHttp_NamedPortOfThePeer_IsItsNumber()
    {
        var world = new PolicyWorld().With(Yaml.Cilium("{endpointSelector: {matchLabels: {app: client}}, egress: [{toEndpoints: [{}], toPorts: [{ports: [{port: http, protocol: TCP}], rules: {http: [{method: GET}]}}]}]}"));

        Assert.True(world.Egress("client", "web", "8080/TCP").Redirects);
        Assert.True(world.Egress("client", "db", "9090/TCP").Redirects);
        Assert.False(world.Egress("client", "db", "8080/TCP").Allowed);
    }

    [Fact]
    public void Entries_Redirect_HaveCiliumsPrecedence()
    {
        var entry = Assert.Single(Web($"ingress: [{{{Clients}, {Http("{}")}}}]").PolicyOf("web").Ingress.Entries, entry => entry.Http is not null);

        Assert.Equal(0xffffff9au, entry.Precedence);
    }

    [Fact]
    public void DecideHttp_GatewaysIdentity_IsAPeerAndASubject()
    {
        var world = Web($"ingress: [{{fromEntities: [ingress], {Http("{method: GET}")}}}]");

        Assert.True(Ask(world, "ingress", "GET /").Allowed);
        Assert.False(Ask(world, "ingress", "PUT /").Allowed);
        Assert.Equal(PolicyReason.NotAllowed, Ask(world, "client", "GET /").Reason);
        Assert.True(new PolicyWorld().With(Yaml.Cilium("{endpointSelector: {}, egress: [{toEntities: [ingress]}]}")).Egress("web", "ingress").Allowed);
    }

    [Theory]
    [InlineData("{matchLabels: {\"reserved:ingress\": \"\"}}", false)]
    [InlineData("{matchExpressions: [{key: \"reserved:ingress\", operator: Exists}]}", false)]
    [InlineData("{}", false)]
    [InlineData("{matchExpressions: [{key: \"reserved:ingress\", operator: DoesNotExist}]}", true)]
    public void Endpoints_Gateway_IsSelectedByItsReservedLabel(string selector, bool open)
    {
        var world = new PolicyWorld();
        world.Repository.SetEndpoints([new(0, "reserved:ingress=;", [])]);
        world.With(Yaml.Clusterwide($"{{endpointSelector: {selector}, egress: [{{toEndpoints: [{{matchLabels: {{app: db}}}}], {Http("{method: GET}")}}}]}}") + Yaml.Cilium("{endpointSelector: {}, ingress: [{}]}"));

        var gateway = world.Repository.Endpoints[0];
        Assert.Empty(world.Objects.Problems);
        Assert.False(gateway.Ingress.DefaultDeny);
        Assert.Equal(open, gateway.Egress.DecideHttp(world.IdOf("web"), 80, Request("GET", "/")).Allowed);
        Assert.Equal(open, gateway.Egress.DecideHttp(world.IdOf("db"), 80, Request("PUT", "/")).Allowed);
        Assert.True(gateway.Egress.DecideHttp(world.IdOf("db"), 80, Request("GET", "/")).Allowed);
    }

    private static HttpFacts Request(string method, string path) => new(method, path, "web", new Dictionary<string, string>());

    private static PolicyWorld Web(string rest) => new PolicyWorld().With(Yaml.Cilium(Yaml.Web(rest)));

    private static string Http(string rules) => $"toPorts: [{{ports: [{{port: \"80\", protocol: TCP}}], rules: {{http: [{rules}]}}}}]";

    /// <param name="request">"GET /path name=value"; "_" in a value is a space.</param>
    private static HttpVerdict Ask(PolicyWorld world, string from, string request)
    {
        var words = request.Split(' ');
        var headers = words[2..].Select(word => word.Split('=')).ToDictionary(pair => pair[0], pair => pair[1].Replace('_', ' '), StringComparer.OrdinalIgnoreCase);
        var host = headers.GetValueOrDefault("host", "web");
        return world.PolicyOf("web").Ingress.DecideHttp(world.IdOf(from), 80, new HttpFacts(words[0], words[1], host, headers));
    }
}
