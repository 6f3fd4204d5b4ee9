using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Mesh.Tests.Sources;

/// <summary>HTTPRoute and ReferenceGrant, as the API server would take or refuse them (peers.md 2.3).</summary>
public sealed class HttpRouteTests
{
    private static readonly string s_longValue = new('a', 4097);

    [Theory]
    [InlineData("gateway.networking.k8s.io/v1")]
    [InlineData("gateway.networking.k8s.io/v1beta1")]
    public void Load_WholeRoute_ReadsEveryPart(string apiVersion)
    {
        var route = Assert.Single(Load($$$"""
            apiVersion: {{{apiVersion}}}
            kind: HTTPRoute
            metadata: {name: reviews, namespace: shop}
            spec:
              parentRefs:
              - {group: "", kind: Service, name: reviews, port: 9080}
              - {name: edge, namespace: infra, sectionName: https}
              hostnames: ["*.Shop.example"]
              rules:
              - matches:
                - path: {type: Exact, value: /v2}
                  method: GET
                  headers: [{name: X-Env, value: blue}, {name: x-env, value: ignored}, {name: agent, type: RegularExpression, value: "curl/.*"}]
                  queryParams: [{name: v, value: "2"}, {name: V, value: "3"}]
                - path: {value: /api/}
                - path: {type: RegularExpression, value: "/item/[0-9]+"}
                filters:
                - {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: A, value: b}], add: [{name: C, value: d}], remove: [E]}}
                - {type: URLRewrite, urlRewrite: {hostname: inner.example, path: {type: ReplaceFullPath, replaceFullPath: /x} } }
                - {type: RequestMirror, requestMirror: {backendRef: {name: shadow, port: 80}, fraction: {numerator: 1, denominator: 3} } }
                - {type: CORS, cors: {}}
                backendRefs:
                - {name: reviews-v1, port: 9080, weight: 90}
                - {name: reviews-v2, namespace: other, port: 9080, weight: 0, filters: [{type: ResponseHeaderModifier, responseHeaderModifier: {remove: [Server]} }]}
                timeouts: {request: 1m30s, backendRequest: 500ms}
            """).HttpRoutes);

        Assert.Equal(new ObjectKey("shop", "reviews"), route.Key);
        Assert.Equal<ParentReference>([new("", "Service", null, "reviews", null, 9080), new("gateway.networking.k8s.io", "Gateway", "infra", "edge", "https")], route.Parents);
        Assert.Equal<string>(["*.shop.example"], route.Hostnames);
        var rule = Assert.Single(route.Rules);
        Assert.Equal([new(PathMatchKind.Exact, "/v2"), new(PathMatchKind.Prefix, "/api"), new(PathMatchKind.Regex, "/item/[0-9]+")], rule.Matches.Select(match => match.Path));
        Assert.Equal("GET", rule.Matches[0].Method);
        Assert.Equal<HttpValueMatch>([new("X-Env", "blue", false), new("agent", "curl/.*", true)], rule.Matches[0].Headers);
        Assert.Equal<HttpValueMatch>([new("v", "2", false), new("V", "3", false)], rule.Matches[0].Queries);
        Assert.Equal(["RequestHeaderModifier", "URLRewrite", "RequestMirror", "CORS"], rule.Filters.Select(filter => filter.Type));
        var edits = rule.Filters[0].Headers!;
        Assert.Equal((new HeaderValue("A", "b"), new HeaderValue("C", "d"), "E"), (Assert.Single(edits.Set), Assert.Single(edits.Add), Assert.Single(edits.Remove)));
        Assert.Equal(new UrlRewrite("inner.example", new(PathEditKind.ReplaceFullPath, "/x")), rule.Filters[1].Rewrite);
        Assert.Equal(new HttpMirror(new("", "Service", null, "shadow", 80), 1, 3), rule.Filters[2].Mirror);
        Assert.Equal([("reviews-v1", 90), ("reviews-v2", 0)], rule.Backends.Select(backend => (backend.Backend.Name, backend.Weight)));
        Assert.Equal("other", rule.Backends[1].Backend.Namespace);
        Assert.Equal("Server", Assert.Single(Assert.Single(rule.Backends[1].Filters).Headers!.Remove));
        Assert.Equal((TimeSpan.FromSeconds(90), TimeSpan.FromMilliseconds(500)), (rule.RequestTimeout, rule.BackendRequestTimeout));
    }

    /// <summary>It is matched decoded, so any text may be meant.</summary>
    [Theory]
    [InlineData("東京", false)]
    [InlineData("東.*", true)]
    public void Load_QueryParameterBeyondAscii_IsTaken(string value, bool isRegex)
    {
        var objects = Load(Route($"rules: [{{matches: [{{queryParams: [{{name: city, type: {(isRegex ? "RegularExpression" : "Exact")}, value: '{value}'}}]}}]}}]"));
        Assert.Empty(objects.Problems);
        Assert.Equal<HttpValueMatch>([new("city", value, isRegex)], Assert.Single(Assert.Single(Assert.Single(objects.HttpRoutes).Rules).Matches).Queries);
    }

    [Fact]
    public void Load_NoRules_OneThatMatchesEverythingAndLeadsNowhere()
    {
        var rule = Assert.Single(Assert.Single(Load(Route("parentRefs: [{kind: Service, group: '', name: web}]")).HttpRoutes).Rules);
        Assert.Equal(PathMatch.All, Assert.Single(rule.Matches).Path);
        Assert.Empty(rule.Backends);
    }

    [Fact]
    public void Load_UnknownField_IsToldAndIgnored()
    {
        var objects = Load(Route("rules: [{retry: {attempts: 3}, backendRefs: [{name: web, port: 80}]}]"));
        var problem = Assert.Single(objects.Problems);
        Assert.Equal(("spec.rules[0][\"retry\"]", "\"retry\" is not supported here", "it is ignored"), (problem.Field, problem.Reason, problem.Instead));
        Assert.Single(objects.HttpRoutes);
    }

    [Fact]
    public void Load_ReferenceGrant_ReadsBothSides()
    {
        var grant = Assert.Single(Load("""
            apiVersion: gateway.networking.k8s.io/v1beta1
            kind: ReferenceGrant
            metadata: {name: shop, namespace: other}
            spec:
              from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop}]
              to: [{group: "", kind: Service}, {group: "", kind: Service, name: web}]
            """).ReferenceGrants);
        Assert.Equal<GrantedFrom>([new("gateway.networking.k8s.io", "HTTPRoute", "shop")], grant.From);
        Assert.Equal<GrantedTo>([new("", "Service", null), new("", "Service", "web")], grant.To);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Load_WrongRoute_NamesFieldAndReason(string spec, string field, string reason)
    {
        var objects = Load(Route(spec));
        var problem = Assert.Single(objects.Problems);
        Assert.Equal(("HTTPRoute default/r", field, "nothing of this file is used"), (problem.Subject, problem.Field, problem.Instead));
        Assert.Contains(reason, problem.Reason, StringComparison.Ordinal);
        Assert.Empty(objects.HttpRoutes);
    }

    public static TheoryData<string, string, string> Wrong()
    {
        var rows = new TheoryData<string, string, string>
        {
            { $"rules: [{Many("{}", 17)}]", "spec.rules", "has 17 items, expected at most 16" },
            { $"rules: [{{matches: [{Many("{}", 65)}]}}]", "spec.rules[0].matches", "has 65 items, expected at most 64" },
            { $"rules: [{Many($"{{matches: [{Many("{}", 64)}]}}", 3)}]", "spec.rules", "have 192 matches in all, expected at most 128" },
            { $"rules: [{{backendRefs: [{Many("{name: a, port: 1}", 17)}]}}]", "spec.rules[0].backendRefs", "has 17 items, expected at most 16" },
            { "rules: [{backendRefs: [{name: a}]}]", "spec.rules[0].backendRefs[0].port", "is missing, expected a number from 1 to 65535, as it is a Service's" },
            { "rules: [{backendRefs: [{name: a, port: 80, weight: 1000001}]}]", "spec.rules[0].backendRefs[0].weight", "1000001 is not a number from 0 to 1000000" },
            { "parentRefs: [{kind: Service, group: ''}]", "spec.parentRefs[0].name", "is missing" },
            { "hostnames: [10.0.0.1]", "spec.hostnames[0]", "is an IP address" },
        };
        AddMatches(rows);
        AddFilters(rows);
        return rows;
    }

    private static void AddMatches(TheoryData<string, string, string> rows)
    {
        void Add(string match, string field, string reason) => rows.Add($"rules: [{{matches: [{match}]}}]", $"spec.rules[0].matches[0]{field}", reason);
        Add("{path: {value: api}}", ".path.value", "does not begin with /");
        Add("{path: {value: /a//b}}", ".path.value", "contains //");
        Add("{path: {value: /a/../b}}", ".path.value", "contains /../");
        Add("{path: {value: '/a b'}}", ".path.value", "is not a path that a request could have");
        Add("{path: {type: Glob, value: /a}}", ".path.type", "\"Glob\" is not one of Exact, PathPrefix, RegularExpression");
        Add("{path: {type: RegularExpression, value: '/(a'}}", ".path.value", "is not a regular expression: InsufficientClosingParentheses at 3");
        Add("{path: {type: RegularExpression, value: '/(a)\\1'}}", ".path.value", "cannot be matched in linear time");
        Add("{path: {type: RegularExpression, value: 'a)(b'}}", ".path.value", "is not a regular expression: InsufficientOpeningParentheses");
        Add("{path: {type: RegularExpression, value: '/.*a.{8000}'}}", ".path.value", "counts to about 8003 states");
        Add("{headers: [{name: a, type: RegularExpression, value: '[[:letter:]]'}]}", ".headers[0].value", "which is not a class of characters");
        Add("{queryParams: [{name: a, type: RegularExpression, value: '(?x)a'}]}", ".queryParams[0].value", "has the option x");
        Add("{path: {type: RegularExpression, value: /東京}}", ".path.value", "has a character that no path has but percent-encoded");
        Add("{path: {value: /東京}}", ".path.value", "is not a path that a request could have");
        Add("{headers: [{name: a, value: 東京}]}", ".headers[0].value", "has a character that no header field may have");
        Add("{queryParams: [{name: a, value: \"a\\nb\"}]}", ".queryParams[0].value", "has a control character");
        Add("{method: get}", ".method", "\"get\" is not one of GET");
        Add("{headers: [{name: 'a b', value: c}]}", ".headers[0].name", "is not a name of letters");
        Add("{headers: [{name: a}]}", ".headers[0].value", "is missing");
        Add($"{{headers: [{{name: a, value: {s_longValue}}}]}}", ".headers[0].value", "has 4097 characters, expected at most 4096");
        Add("{header: [{name: a, value: b}]}", "[\"header\"]", "\"header\" is not a condition of a match");
        Add("{queryParams: [{name: a, type: Prefix, value: b}]}", ".queryParams[0].type", "is not one of Exact, RegularExpression");
    }

    private static void AddFilters(TheoryData<string, string, string> rows)
    {
        void Add(string filters, string field, string reason) => rows.Add($"rules: [{{filters: [{filters}]}}]", $"spec.rules[0].filters{field}", reason);
        const string redirect = "{type: RequestRedirect, requestRedirect: {scheme: https}}";
        Add($"{redirect}, {{type: URLRewrite, urlRewrite: {{hostname: a.example}}}}", "", "has both RequestRedirect and URLRewrite");
        Add($"{redirect}, {redirect}", "", "has more than one RequestRedirect");
        Add("{type: RequestHeaderModifier}", "[0].requestHeaderModifier", "is missing, expected a map, as the filter's type asks for it");
        Add("{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: Host, value: a}]}}", "[0].requestHeaderModifier.set[0].name", "Host is what URLRewrite is for");
        Add("{type: RequestHeaderModifier, requestHeaderModifier: {remove: [Transfer-Encoding]}}", "[0].requestHeaderModifier.remove[0]", "Transfer-Encoding belongs to the connection");
        Add("{type: ResponseHeaderModifier, responseHeaderModifier: {add: [{name: a, value: \"b\\r\\nc: d\"}]}}", "[0].responseHeaderModifier.add[0].value", "a character that no header field may have");
        Add("{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: a, value: b}, {name: A, value: c}]}}", "[0].requestHeaderModifier.set[1].name", "\"A\" is there twice");
        Add("{type: RequestRedirect, requestRedirect: {scheme: ftp}}", "[0].requestRedirect.scheme", "\"ftp\" is not one of http, https");
        Add("{type: RequestRedirect, requestRedirect: {statusCode: 304}}", "[0].requestRedirect.statusCode", "304 is not one of 301, 302, 303, 307, 308");
        Add("{type: RequestRedirect, requestRedirect: {hostname: '*.a.example'}}", "[0].requestRedirect.hostname", "is a wildcard");
        Add("{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch}}}", "[0].urlRewrite.path.replacePrefixMatch", "is missing");
        Add("{type: URLRewrite, urlRewrite: {path: {type: ReplaceFullPath, replaceFullPath: x}}}", "[0].urlRewrite.path.replaceFullPath", "is not a path that a request could have");
        Add("{type: RequestMirror, requestMirror: {backendRef: {name: a, port: 80}, percent: 101}}", "[0].requestMirror.percent", "101 is not a number from 0 to 100");
        Add("{type: RequestMirror, requestMirror: {backendRef: {name: a, port: 80}, percent: 1, fraction: {numerator: 1}}}", "[0].requestMirror", "has both percent and fraction");
        rows.Add(
            "rules: [{matches: [{path: {type: Exact, value: /a}}], filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /b}}}]}]",
            "spec.rules[0].filters[0].urlRewrite.path.type", "ReplacePrefixMatch needs a rule with one match, of a PathPrefix");
        rows.Add($"rules: [{{filters: [{redirect}], backendRefs: [{{name: a, port: 80}}]}}]", "spec.rules[0].backendRefs", "stands beside a RequestRedirect");
        rows.Add("rules: [{timeouts: {request: 1.5s}}]", "spec.rules[0].timeouts.request", "\"1.5s\" is not a duration");
        rows.Add("rules: [{timeouts: {request: 123456s}}]", "spec.rules[0].timeouts.request", "is not a duration");
        rows.Add("rules: [{timeouts: {request: 1s, backendRequest: 2s}}]", "spec.rules[0].timeouts.backendRequest", "is longer than the request's timeout");
    }

    private static string Many(string item, int count) => string.Join(", ", Enumerable.Repeat(item, count));

    private static string Route(string spec) => $"{{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {{name: r}}, spec: {{{spec}}}}}";

    private static ClusterObjects Load(string text)
    {
        using var directory = new TempDirectory().With("a.yaml", text);
        return directory.Load();
    }
}
