using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Mesh.Tests.Routes.Frontends;

/// <summary>A rule's backends, filters and timeouts (peers.md 2.3).</summary>
public sealed class HttpRuleTests : IDisposable
{
    private readonly MeshWorld _world = new();

    public HttpRuleTests() => _world.Service("web").Service("v1").Service("v2");

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("{name: v1, port: 80, weight: 3}, {name: nobody, port: 80}", "v1:80=3, nobody:-=1", "Service default/nobody does not exist", "its share of the requests gets 500")]
    [InlineData("{name: v1, port: 80}, {name: v2, port: 81}", "v1:80=1, v2:-=1", "Service default/v2 has no TCP port 81", "its share of the requests gets 500")]
    [InlineData("{name: v1, port: 80}, {name: v2, group: multicluster.x-k8s.io, kind: ServiceImport}", "v1:80=1, v2:-=1", "ServiceImport of group \"multicluster.x-k8s.io\" cannot be a backend", "its share of the requests gets 500")]
    [InlineData("{name: v1, port: 80}, {name: v2, port: 80, filters: [{type: URLRewrite, urlRewrite: {hostname: a.example}}]}", "v1:80=1, v2:-=1", "the filter URLRewrite is not supported on a backend", "its share of the requests gets 500")]
    [InlineData("{name: v1, port: 80}, {name: v2, namespace: other, port: 80}", "v1:80=1, v2:-=1", "Service other/v2 is in another namespace, and no ReferenceGrant there lets HTTPRoutes of default refer to it", "its share of the requests gets 500")]
    public void Compile_BrokenBackend_KeepsItsShare(string backends, string targets, string reason, string instead)
    {
        var (route, problem) = Compile($"backendRefs: [{backends}]");
        Assert.Equal(targets, string.Join(", ", route.Split.Targets.Select(target => $"{target.Service.Name}:{target.Port?.ToString() ?? "-"}={target.Weight}")));
        Assert.True(route.Split.Strict);
        Assert.Null(route.Filters.Broken);
        Assert.Contains(reason, problem!.Reason, StringComparison.Ordinal);
        Assert.Equal(("spec.rules[0].backendRefs[1]", instead), (problem.Field, problem.Instead));
    }

    [Theory]
    [InlineData("backendRefs: [{name: nobody, port: 80}]", "every backend of this rule is broken", "spec.rules[0].backendRefs[0]")]
    [InlineData("backendRefs: []", "this rule names no backend", "spec.rules[0].backendRefs")]
    [InlineData("backendRefs: [{name: v1, port: 80, weight: 0}]", "this rule gives no backend a weight above 0", "spec.rules[0].backendRefs")]
    [InlineData("filters: [{type: ExtensionRef, extensionRef: {group: a, kind: B, name: c}}], backendRefs: [{name: v1, port: 80}]", "this rule has the filter ExtensionRef, which is not supported", "spec.rules[0].filters")]
    [InlineData("filters: [{type: CORS, cors: {}}], backendRefs: [{name: v1, port: 80}]", "this rule has the filter CORS, which is not supported", "spec.rules[0].filters")]
    public void Compile_BrokenRule_IsAnsweredWith500(string rule, string broken, string field)
    {
        var (route, problem) = Compile(rule);
        Assert.Equal((broken, field), (route.Filters.Broken, problem!.Field));
        Assert.Empty(route.Split.Targets);
    }

    [Theory]
    [InlineData("", true, null)]
    [InlineData("\"true\"", false, null)]
    [InlineData("\"false\"", true, null)]
    [InlineData("\"yes\"", true, "\"yes\" is not true or false")]
    public void Compile_FailoverAnnotation_DecidesWhetherSharesAreStrict(string value, bool strict, string? reason)
    {
        var (route, problem) = Compile("backendRefs: [{name: v1, port: 80}]", value.Length == 0 ? "" : $", annotations: {{clustermesh.io/failover: {value}}}");
        Assert.Equal((strict, reason), (route.Split.Strict, problem?.Reason));
    }

    [Theory]
    [InlineData("HTTPRoute", "default", "", true)]
    [InlineData("HTTPRoute", "default", ", name: web", true)]
    [InlineData("HTTPRoute", "default", ", name: db", false)]
    [InlineData("HTTPRoute", "elsewhere", "", false)]
    [InlineData("GRPCRoute", "default", "", false)]
    public void Compile_BackendOfAnotherNamespace_NeedsAGrant(string kind, string from, string to, bool allowed)
    {
        _world.Service("web", ", namespace: other").With("web2.yaml", "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: 10.96.0.9, ports: [{port: 80}]}}")
            .With("grant.yaml", $"{{apiVersion: gateway.networking.k8s.io/v1beta1, kind: ReferenceGrant, metadata: {{name: g, namespace: other}}, spec: {{from: [{{group: gateway.networking.k8s.io, kind: {kind}, namespace: {from}}}], to: [{{group: '', kind: Service{to}}}]}}}}");
        var (route, problem) = Compile("backendRefs: [{name: v1, port: 80}, {name: web, namespace: other, port: 80}]");
        Assert.Equal((allowed ? 80 : null, allowed), (route.Split.Targets[1].Port, problem is null));
    }

    [Fact]
    public void Compile_GrantGoes_TheBackendIsBroken()
    {
        _world.With("grant.yaml", "{apiVersion: gateway.networking.k8s.io/v1beta1, kind: ReferenceGrant, metadata: {name: g, namespace: other}, spec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: default}], to: [{group: '', kind: Service}]}}")
            .With("other.yaml", "{apiVersion: v1, kind: Service, metadata: {name: db, namespace: other}, spec: {clusterIP: 10.96.0.9, ports: [{port: 80}]}}");
        Assert.Null(Compile("backendRefs: [{name: db, namespace: other, port: 80}]").Route.Filters.Broken);
        _world.With("grant.yaml", "");
        Assert.NotNull(Compile("backendRefs: [{name: db, namespace: other, port: 80}]").Route.Filters.Broken);
    }

    [Theory]
    [InlineData("", null, null, 300)]
    [InlineData("{request: 10s}", 10.0, null, 300)]
    [InlineData("{request: 10m, backendRequest: 30s}", 600.0, 30.0, 600)]
    [InlineData("{backendRequest: 15m}", null, 900.0, 900)]
    [InlineData("{request: 0s}", null, null, 86400)]
    [InlineData("{request: 0s, backendRequest: 5s}", null, 5.0, 86400)]
    // No timer holds more than 49.7 days.
    [InlineData("{request: 99999h, backendRequest: 99998h}", 2073600.0, 2073600.0, 2073600)]
    [InlineData("{backendRequest: 1200h}", null, 2073600.0, 2073600)]
    public void Compile_Timeouts_BoundRequestAttemptAndSilence(string timeouts, double? request, double? attempt, double read)
    {
        var policy = Compile($"backendRefs: [{{name: v1, port: 80}}]{(timeouts.Length > 0 ? $", timeouts: {timeouts}" : "")}").Route.Policy;
        Assert.Equal((request, attempt, read), (policy.RequestTimeout?.TotalSeconds, policy.AttemptTimeout?.TotalSeconds, policy.ReadTimeout.TotalSeconds));
    }

    [Fact]
    public void Compile_AppProtocols_EachBackendAndMirrorHasItsOwn()
    {
        _world.Service("h2", ports: "{port: 80, appProtocol: kubernetes.io/h2c}").Service("tls", ports: "{port: 443, appProtocol: https}");
        var (route, problem) = Compile("backendRefs: [{name: nobody, port: 80}, {name: tls, port: 443, weight: 0}, {name: v1, port: 80}, {name: h2, port: 80}], filters: [{type: RequestMirror, requestMirror: {backendRef: {name: h2, port: 80}}}]");
        Assert.Equal([null, BackendProtocol.Https, BackendProtocol.AsAsked, BackendProtocol.Grpc], route.Split.Targets.Select(target => target.Protocol));
        Assert.Equal(BackendProtocol.Grpc, Assert.Single(route.Filters.Mirrors).Protocol);
        Assert.Equal("spec.rules[0].backendRefs[0]", problem!.Field);
    }

    [Fact]
    public void Compile_BackendWithSessionAffinity_KeepsItBehindARoute()
    {
        _world.With("service-v2.yaml", "{apiVersion: v1, kind: Service, metadata: {name: v2}, spec: {clusterIP: 10.96.0.1, sessionAffinity: ClientIP, ports: [{port: 80}]}}");
        var (route, _) = Compile("backendRefs: [{name: v1, port: 80}, {name: v2, port: 80}]");
        Assert.Equal([null, new LoadBalance(LoadBalanceKind.Hash, new(HashKeyKind.ClientAddress, ""))], route.Split.Targets.Select(target => target.LoadBalance));
    }

    [Fact]
    public void Compile_Filters_AreOneValue()
    {
        var (route, _) = Compile("""
            matches: [{path: {value: /a}}], backendRefs: [{name: v1, port: 80, filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: X, value: y}]}}]}],
            filters: [{type: ResponseHeaderModifier, responseHeaderModifier: {remove: [Server]}}, {type: URLRewrite, urlRewrite: {hostname: b.example, path: {type: ReplacePrefixMatch, replacePrefixMatch: ""}}},
              {type: RequestMirror, requestMirror: {backendRef: {name: v2, port: 80}, percent: 25}}, {type: RequestMirror, requestMirror: {backendRef: {name: v2, port: 80}, fraction: {numerator: 1, denominator: 7}}}]
            """);
        Assert.Equal(["response remove Server", "rewrite host b.example prefix \"\"", "mirror default/v2:80 25%", "mirror default/v2:80 1/7"], RouteText.Filters(route.Filters));
        Assert.Equal(new HeaderValue("X", "y"), Assert.Single(Assert.Single(route.Split.Targets).RequestHeaders.Set));
    }

    [Fact]
    public void Compile_MirrorToNobody_IsToldAndTheRestHolds()
    {
        var (route, problem) = Compile("backendRefs: [{name: v1, port: 80}], filters: [{type: RequestMirror, requestMirror: {backendRef: {name: nobody, port: 80}}}]");
        Assert.Equal((null, 0, 1), (route.Filters.Broken, route.Filters.Mirrors.Length, route.Split.Targets.Length));
        Assert.Equal("nothing is mirrored there", problem!.Instead);
    }

    private (RouteModel Route, Problem? Problem) Compile(string rule, string meta = "")
    {
        _world.Route("r", $"parentRefs: [{{group: '', kind: Service, name: web}}], rules: [{{{rule}}}]", meta);
        var model = _world.Compile();
        return (Assert.Single(Assert.Single(model.Routes.Frontends, frontend => frontend.Service == new Objects.ObjectKey("default", "web")).Routes), model.Problems.FirstOrDefault());
    }
}
