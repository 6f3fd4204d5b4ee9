using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Mesh.Tests.Routes.Frontends;

/// <summary>Which ports become L7 ports, and what their routes are (GAMMA, peers.md 2.3).</summary>
public sealed class MeshRoutesTests : IDisposable
{
    private const string ToWeb = "parentRefs: [{group: '', kind: Service, name: web}]", V1 = "backendRefs: [{name: v1, port: 80}]";

    private readonly MeshWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("clustermesh.io/l7: http", "{name: a, port: 80}, {name: b, port: 443, appProtocol: https}, {name: c, port: 53, protocol: UDP}, {name: d, port: 9, appProtocol: kubernetes.io/h2c}", "9 80")]
    [InlineData("service.cilium.io/lb-l7: enabled", "{port: 80}", "80")]
    [InlineData("service.cilium.io/lb-l7: disabled", "{port: 80}", "")]
    [InlineData("clustermesh.io/l7: none", "{port: 80}", "")]
    [InlineData("a: b", "{port: 80}", "")]
    public void Compile_Annotation_DecidesThePorts(string annotation, string ports, string expected)
    {
        var model = _world.Service("web", $", annotations: {{{annotation}}}", ports).Compile();
        Assert.Equal(expected, string.Join(' ', _world.Mesh.Services[new("default", "web")].L7Ports));
        Assert.Equal(expected, string.Join(' ', model.Routes.Frontends.Select(frontend => frontend.Port)));
        Assert.Empty(_world.ServiceProblems);
    }

    [Fact]
    public void Compile_AnnotationAlone_LeadsToTheServiceItself()
    {
        _world.Service("web", ", annotations: {clustermesh.io/l7: http}", "{port: 80, appProtocol: kubernetes.io/h2c}");
        Assert.Equal(["default/web:80 -> web:80=1"], _world.Lines("web", 80));
        Assert.Equal(BackendProtocol.Grpc, Assert.Single(_world.Compile().Routes.Frontends).Default!.Policy.Protocol);
    }

    [Fact]
    public void Compile_MarkTakenAway_ItsConnectionsKeepTheirRoutesWhileThePortIsThere()
    {
        _world.Service("web", ", annotations: {clustermesh.io/l7: http}").Service("v1").Route("r", $"{ToWeb}, rules: [{{{V1}}}]");
        Assert.EndsWith("-> v1:80=1", Assert.Single(_world.Lines("web", 80)), StringComparison.Ordinal);
        _world.With("route-r.yaml", "").Service("web");
        Assert.Equal(["default/web:80 -> web:80=1"], _world.Lines("web", 80));
        // For new connections it is the kernel's again.
        Assert.Empty(_world.Mesh.Services[new("default", "web")].L7Ports);
        _world.Service("web", ports: "{port: 81}");
        Assert.Empty(_world.Compile().Routes.Frontends);
    }

    [Theory]
    [InlineData(", annotations: {clustermesh.io/l7: tcp}", "10.96.0.1", "\"tcp\" is not http or none")]
    [InlineData(", annotations: {clustermesh.io/l7: http}", "None", "a headless service has no address")]
    public void Compile_AnnotationInVain_IsTold(string meta, string ip, string reason)
    {
        Assert.Empty(_world.Service("web", meta, ip: ip).Compile().Routes.Frontends);
        Assert.Contains(reason, Assert.Single(_world.ServiceProblems).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "80 81")]
    [InlineData(", port: 81", "81")]
    [InlineData(", port: 443", "443")]
    [InlineData(", sectionName: a", "80")]
    [InlineData(", sectionName: a, port: 81", "")]
    [InlineData(", port: 90", "")]
    [InlineData(", namespace: default", "80 81")]
    [InlineData(", namespace: other", "")]
    public void Compile_Parent_DecidesThePorts(string parent, string expected)
    {
        _world.Service("web", "", "{name: a, port: 80}, {name: b, port: 81}, {name: c, port: 443, appProtocol: https}").Service("v1")
            .Route("r", $"parentRefs: [{{group: '', kind: Service, name: web{parent}}}], rules: [{{{V1}}}]");
        var model = _world.Compile();
        Assert.Equal(expected, string.Join(' ', _world.Mesh.Services[new("default", "web")].L7Ports));
        Assert.Equal(expected, string.Join(' ', model.Routes.Frontends.Select(frontend => frontend.Port)));
        Assert.Equal(expected.Length == 0 ? 1 : 0, model.Problems.Length);
    }

    [Theory]
    [InlineData("", "spec.parentRefs", "names no parent")]
    [InlineData("parentRefs: [{name: edge}]", "spec.parentRefs[0]", "Gateway edge: the gateway does not serve the Gateway API yet")]
    [InlineData("parentRefs: [{group: multicluster.x-k8s.io, kind: ServiceImport, name: web}]", "spec.parentRefs[0]", "cannot be a parent")]
    [InlineData("parentRefs: [{group: '', kind: Service, name: web, namespace: other}]", "spec.parentRefs[0]", "routes of consumers are not supported")]
    [InlineData("parentRefs: [{group: '', kind: Service, name: nobody}]", "spec.parentRefs[0]", "Service nobody does not exist")]
    [InlineData("parentRefs: [{group: '', kind: Service, name: headless}]", "spec.parentRefs[0]", "is headless")]
    [InlineData("parentRefs: [{group: '', kind: Service, name: web, port: 9}]", "spec.parentRefs[0]", "has no TCP port 9")]
    [InlineData("parentRefs: [{group: '', kind: Service, name: web}], hostnames: [a.example]", "spec.hostnames", "says nothing for a Service as parent")]
    public void Compile_ParentInVain_IsTold(string parents, string field, string reason)
    {
        _world.Service("web").Service("headless", ip: "None").Service("v1").Route("r", $"{parents}{(parents.Length > 0 ? ", " : "")}rules: [{{{V1}}}]");
        var problem = Assert.Single(_world.Compile().Problems);
        Assert.Equal(("HTTPRoute default/r", field), (problem.Subject, problem.Field));
        Assert.Contains(reason, problem.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_SeveralRoutes_OldestFirstAndEqualMatchesOnce()
    {
        _world.Service("web").Service("v1").Service("v2")
            .Route("newer", $"{ToWeb}, rules: [{{matches: [{{path: {{value: /a}}}}, {{path: {{value: /b}}, method: GET}}], backendRefs: [{{name: v2, port: 80}}]}}]", ", creationTimestamp: 2025-02-01T00:00:00Z")
            .Route("older", $"{ToWeb}, rules: [{{matches: [{{path: {{value: /a/}}}}], {V1}}}]", ", creationTimestamp: 2025-01-01T00:00:00Z");
        Assert.Equal(["default/older web:80/a -> v1:80=1", "default/newer web:80/b GET -> v2:80=1"], _world.Lines("web", 80));
        var problem = Assert.Single(_world.Compile().Problems);
        Assert.Equal(("HTTPRoute default/newer", "spec.rules[0].matches[0]", "that one is followed"), (problem.Subject, problem.Field, problem.Instead));
        Assert.Null(Assert.Single(_world.Compile().Routes.Frontends).Default);
    }

    [Fact]
    public void Compile_Conditions_AreInTheName()
    {
        _world.Service("web").Service("v1").Route("r", $$$"""
            {{{ToWeb}}}, rules: [{matches: [
              {path: {type: Exact, value: /a}, method: POST, headers: [{name: X-B, value: c}, {name: X-A, type: RegularExpression, value: "d+"}], queryParams: [{name: e, value: f}]},
              {path: {type: RegularExpression, value: "/g/[0-9]"}}], {{{V1}}}}]
            """);
        Assert.Equal(["default/r web:80/a exact POST x-a~d+ x-b=c ?e=f -> v1:80=1", "default/r web:80~/g/[0-9] -> v1:80=1"], _world.Lines("web", 80));
    }

    [Theory]
    [InlineData("/x.*", "{}", "/")]
    [InlineData("/x|/y", "{}", "/")]
    [InlineData("(?i)/x", "{}", "/")]
    [InlineData("/a/b/[0-9]+", "{path: {value: /a}}", "/a")]
    [InlineData("/a/b/[0-9]+", "{path: {value: /a/b}}, {path: {value: /a}}", "/a/b")]
    [InlineData("/a/b", "{path: {value: /a/b}}", "/a/b")]
    [InlineData("/a/b/", "{path: {value: /a/b}}", "/a/b")]
    [InlineData("/a/b.*", "{path: {value: /a}}", "/a")]
    [InlineData("/a/b.*", "{path: {value: /a/b}}", null)]
    [InlineData("/a/?b", "{path: {value: /a}}", null)]
    [InlineData("/a/{0,1}b", "{path: {value: /a}}", null)]
    [InlineData("/a/b|/c", "{path: {value: /a}}", null)]
    [InlineData("/ab/.*", "{path: {value: /a}}", null)]
    [InlineData("/a/b/.*", "{path: {value: /a}, method: GET}", null)]
    [InlineData("/a/b/.*", "{path: {value: /a}, headers: [{name: b, value: c}]}", null)]
    [InlineData("/a/b/.*", "{path: {type: Exact, value: /a/b}}", null)]
    public void Compile_PatternThatIsNeverReached_IsToldWithWhatComesBeforeIt(string pattern, string others, string? prefix)
    {
        _world.Service("web").Service("v1")
            .Route("p", $"{ToWeb}, rules: [{{matches: [{{path: {{value: /other}}}}, {{path: {{type: RegularExpression, value: '{pattern}'}}}}], {V1}}}]")
            .Route("q", $"{ToWeb}, rules: [{{matches: [{{path: {{value: /more}}}}], {V1}}}, {{matches: [{others}], {V1}}}]");
        var problems = _world.Compile().Problems;
        if (prefix is null)
        {
            Assert.Empty(problems);
            return;
        }

        var problem = Assert.Single(problems);
        Assert.Equal(("HTTPRoute default/p", "spec.rules[0].matches[1]"), (problem.Subject, problem.Field));
        Assert.Equal($"the path of type RegularExpression {pattern} is never reached for default/web:80: the PathPrefix {prefix} of default/q spec.rules[1].matches[0] comes before it", problem.Reason);
    }

    [Fact]
    public void Compile_LongConditions_NamesStayShortAndDifferent()
    {
        var value = new string('v', 300);
        _world.Service("web").Service("v1").Route("r", $"{ToWeb}, rules: [{{matches: [{{headers: [{{name: a, value: {value}1}}]}}, {{headers: [{{name: a, value: {value}2}}]}}], {V1}}}]");
        var names = Assert.Single(_world.Compile().Routes.Frontends).Routes.Select(route => route.Name).ToArray();
        Assert.Equal(2, names.Distinct().Count());
        Assert.All(names, name => Assert.True(name.Length < 150));
    }

    [Fact]
    public void Compile_OnlyBackendsChanged_IsTheSameValue()
    {
        _world.Service("web").Service("v1").Route("r", $"{ToWeb}, rules: [{{{V1}}}]");
        var before = _world.Compile();
        _world.With("slice.yaml", "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s, labels: {kubernetes.io/service-name: v1}}, addressType: IPv4, ports: [{port: 8080}], endpoints: [{addresses: [10.0.0.1]}]}");
        Assert.Same(before, _world.Compile());
        Assert.Contains(new ObjectKey("default", "v1"), _world.Mesh.Changed);
    }

    [Fact]
    public void Compile_OneRouteChanged_TheOthersFrontendsStayAndItsServiceIsToldAsChanged()
    {
        _world.Service("web").Service("api").Service("v1")
            .Route("r", $"{ToWeb}, rules: [{{{V1}}}]").Route("s", $"parentRefs: [{{group: '', kind: Service, name: api}}], rules: [{{{V1}}}]");
        var before = _world.Compile().Routes.Frontends;
        _world.Route("r", $"{ToWeb}, rules: [{{backendRefs: [{{name: v1, port: 80, weight: 5}}]}}]");
        var after = _world.Compile().Routes.Frontends;
        Assert.Equal<ObjectKey>([new("default", "web")], _world.Mesh.Changed);
        Assert.Same(before.Single(frontend => frontend.Service.Name == "api"), after.Single(frontend => frontend.Service.Name == "api"));
        Assert.NotSame(before.Single(frontend => frontend.Service.Name == "web"), after.Single(frontend => frontend.Service.Name == "web"));
    }
}
