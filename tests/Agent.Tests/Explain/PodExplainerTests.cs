using ClusterMesh.Agent.Explain;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Agent.Tests.Explain;

public sealed class PodExplainerTests
{
    private readonly ExplainScene _scene = new();
    private ExplainRequest? _asked;

    [Fact]
    public async Task Service_ThatTheKernelBalances_IsToldFromNameToBackends()
    {
        var explanation = await ExplainAsync("http://rebel-base/");
        Assert.Equal(
            """
            endpoint: demo/x-wing is endpoint 7 of west/n1: 10.1.0.5, identity 65836 (k8s:app=x-wing)
            resolve: rebel-base is Service demo/rebel-base, 10.96.0.1
            frontend: 10.96.0.1:80 is port http of Service demo/rebel-base (ClusterIP)
            way: the kernel, connection by connection: no annotation and no HTTPRoute asks for the proxy
            cluster: affinity none: 2 of 2 healthy in east, west: east 25.0 %, west 75.0 %
            pick: one of east 10.2.0.7:8080 25.0 %, west 10.1.0.7:8080 75.0 %
            egress: to 10.2.0.7:8080 in east, 10.1.0.7:8080 demo/rebel-base-0 in west: allowed: no policy isolates it
            ingress: into 10.2.0.7:8080 in east: its own node asks the policy of who has it
            ingress: into 10.1.0.7:8080 demo/rebel-base-0 in west: allowed: no policy isolates it
            forward: by the kernel; the whole connection stays with its backend
            """,
            Text(explanation));
        Assert.Equal(("forward", "demo/rebel-base:http", null, null), (explanation.Outcome, explanation.Target, explanation.Cluster, explanation.Route));
        Assert.Equal([("10.2.0.7:8080", true), ("10.1.0.7:8080", true), ("10.1.0.8:8080", false)], explanation.Backends.Select(backend => (backend.Address, backend.Chosen)));
        Assert.Null(_asked);
    }

    [Theory]
    [InlineData("rebel-base", "rebel-base is Service demo/rebel-base, 10.96.0.1")]
    [InlineData("rebel-base.demo", "rebel-base.demo is Service demo/rebel-base, 10.96.0.1")]
    [InlineData("rebel-base.demo.svc", "rebel-base.demo.svc is Service demo/rebel-base, 10.96.0.1")]
    [InlineData("Rebel-Base.demo.svc.cluster.local.", "rebel-base.demo.svc.cluster.local. is Service demo/rebel-base, 10.96.0.1")]
    [InlineData("10.96.0.1", "10.96.0.1 is an address")]
    public async Task Host_InEachForm_IsTheService(string host, string text)
    {
        var explanation = await ExplainAsync($"http://{host}/");
        Assert.Equal(("forward", text), (explanation.Outcome, Step(explanation, "resolve")));
        Assert.Contains("Service demo/rebel-base", Step(explanation, "frontend"));
    }

    [Theory]
    [InlineData("http://rebel-base.other/", "drop", "resolve", "rebel-base.other would be Service other/rebel-base, which does not exist")]
    [InlineData("http://www.example.com/", "drop", "resolve", "www.example.com is not a name of this cluster, and names of elsewhere are not looked up here: ask by address")]
    [InlineData("http://outside/", "drop", "resolve", "outside is Service demo/outside, which has no address of its own (ExternalName)")]
    [InlineData("http://headless:8080/", "forward", "resolve", "headless is headless Service demo/headless: DNS gives the addresses of its pods; what follows is for 10.2.0.9")]
    [InlineData("http://rebel-base:81/", "drop", "frontend", "no service is served at 10.96.0.1:81: the ports of demo/rebel-base are 80")]
    [InlineData("http://10.96.0.1:81/", "drop", "frontend", "no service is served at 10.96.0.1:81")]
    [InlineData("http://bare/", "drop", "cluster", "nobody has a backend")]
    [InlineData("http://10.1.0.7:8080/", "forward", "ingress", "into 10.1.0.7:8080 demo/rebel-base-0 in west: allowed: no policy isolates it")]
    [InlineData("http://192.0.2.1/", "forward", "egress", "to 192.0.2.1:80 world: allowed: no policy isolates it")]
    public async Task Url_OfWhateverKind_EndsWhereItWould(string url, string outcome, string stage, string text)
    {
        var explanation = await ExplainAsync(url);
        Assert.Equal((outcome, text), (explanation.Outcome, Step(explanation, stage)));
    }

    [Fact]
    public async Task Egress_OfOneClusterOnly_TellsTheRuleAndWhoIsDenied()
    {
        _scene.Egress(ExplainScene.East, "allow");
        var explanation = await ExplainAsync("http://rebel-base/");
        Assert.Equal("forward", explanation.Outcome);
        Assert.Equal(
            ["to 10.2.0.7:8080 in east: allowed: a rule allows it: CiliumNetworkPolicy demo/p spec.egress[0]", "to 10.1.0.7:8080 demo/rebel-base-0 in west: denied: no rule allows it, and it is isolated by CiliumNetworkPolicy demo/p"],
            explanation.Steps.Where(step => step.Stage == "egress").Select(step => step.Text));
    }

    [Theory]
    [InlineData("http://10.2.0.7:8080/", "Policy denied", "egress", "to 10.2.0.7:8080 in east: denied: a rule denies it: CiliumNetworkPolicy demo/p spec.egress[0]")]
    [InlineData("http://192.0.2.1/", "Policy denied", "egress", "to 192.0.2.1:80 world: denied: no rule allows it, and it is isolated by CiliumNetworkPolicy demo/p")]
    public async Task Egress_Denied_IsADropWithTheRule(string url, string reason, string stage, string text)
    {
        _scene.Egress(ExplainScene.East, "deny");
        var explanation = await ExplainAsync(url);
        Assert.Equal(("drop", reason, text), (explanation.Outcome, explanation.Reason, Step(explanation, stage)));
    }

    [Fact]
    public async Task Ingress_OfALocalPodDenied_IsADrop()
    {
        _scene.Ingress(ExplainScene.East, "allow");
        var explanation = await ExplainAsync("http://10.1.0.7:8080/");
        Assert.Equal(("drop", "Policy denied"), (explanation.Outcome, explanation.Reason));
        Assert.Equal("into 10.1.0.7:8080 demo/rebel-base-0 in west: denied: no rule allows it, and it is isolated by CiliumNetworkPolicy demo/p", Step(explanation, "ingress"));
    }

    [Theory]
    [InlineData("clustermesh.io/l7=http", "annotation clustermesh.io/l7: http")]
    [InlineData("service.cilium.io/lb-l7=enabled", "annotation service.cilium.io/lb-l7: enabled")]
    [InlineData("", "an HTTPRoute has it as its parent")]
    [InlineData("clustermesh.io/l7=none", "an HTTPRoute has it as its parent")]
    [InlineData("clustermesh.io/l7=none service.cilium.io/lb-l7=enabled", "annotation service.cilium.io/lb-l7: enabled")]
    [InlineData("clustermesh.io/l7=https", "an HTTPRoute has it as its parent")]
    public async Task L7Service_WithAProxy_IsAskedThere(string annotations, string why)
    {
        _scene.L7(annotations).Proxy();
        var explanation = await ExplainAsync("http://rebel-base/a", Forwarded);
        Assert.Equal($"the node's proxy, request by request: {why}", Step(explanation, "way"));
        Assert.Equal(new("demo/x-wing", "10.1.0.5", 7, ExplainScene.XWing, "service", "10.96.0.1:80", "demo/rebel-base:80"), _asked!.Caller);
        Assert.Equal(["endpoint", "resolve", "frontend", "way", "match", "egress", "ingress"], explanation.Steps.Select(step => step.Stage));
        Assert.Equal(("forward", "the route", "to 10.2.0.7:8080 in east: allowed: no policy isolates it"), (explanation.Outcome, explanation.Route, Step(explanation, "egress")));
    }

    [Fact]
    public async Task L7Service_AtItsNodePort_IsTheKernels()
    {
        _scene.L7().Proxy();
        var explanation = await ExplainAsync("http://172.18.0.1:30080/");
        Assert.Equal("the kernel, connection by connection: annotation clustermesh.io/l7: http, but not at this address (NodePort)", Step(explanation, "way"));
        Assert.Equal("forward", explanation.Outcome);
        Assert.Null(_asked);
    }

    [Fact]
    public async Task L7Service_WithoutAProxy_IsTheKernels()
    {
        _scene.L7();
        var explanation = await ExplainAsync("http://rebel-base/");
        Assert.Equal("the kernel, connection by connection: annotation clustermesh.io/l7: http, but no proxy takes connections now", Step(explanation, "way"));
        Assert.Equal("forward", explanation.Outcome);
        Assert.Null(_asked);
    }

    [Fact]
    public async Task Proxy_ThatCannotBeAsked_IsSaid()
    {
        _scene.L7().Proxy();
        var explanation = await ExplainAsync("http://rebel-base/");
        Assert.Equal(("proxy", "it is away"), (explanation.Outcome, Step(explanation, "proxy")));
    }

    [Theory]
    [InlineData(true, "egress", "http://10.2.0.7:8080/", 7, "10.2.0.7:8080")]
    [InlineData(false, "ingress", "http://10.1.0.7:8080/", 8, "10.1.0.7:8080")]
    [InlineData(true, "egress", "http://rebel-base/", 7, "10.2.0.7:8080")]
    public async Task HttpRules_OfEitherSide_AreTheProxysForWhatWasChosen(bool egress, string scope, string url, int endpoint, string asked)
    {
        _ = egress ? _scene.Egress(ExplainScene.East, "http") : _scene.Ingress(ExplainScene.XWing, "http");
        _scene.Proxy();
        var explanation = await ExplainAsync(url, Forwarded);
        Assert.Contains($"the node's proxy, request by request: a policy has HTTP rules ({scope})", explanation.Steps.Last(step => step.Stage == "way").Text);
        Assert.Equal((scope, endpoint, asked), (_asked!.Caller!.Scope, _asked.Caller.Endpoint, _asked.Caller.Asked));
        Assert.Contains(explanation.Steps, step => step.Text.EndsWith($"redirected: a rule is about its requests: CiliumNetworkPolicy demo/p spec.{scope}[0]", StringComparison.Ordinal));
    }

    [Fact]
    public async Task HttpRules_WithoutAProxy_AreAReset()
    {
        _scene.Egress(ExplainScene.East, "http");
        var explanation = await ExplainAsync("http://10.2.0.7:8080/");
        Assert.Equal(("drop", "No proxy takes connections"), (explanation.Outcome, explanation.Reason));
        Assert.Contains("the connection is reset", Step(explanation, "way"));
    }

    private static Explanation Forwarded => new(
        "forward", null, null, "the route", null, "demo/rebel-base:80", "only", "east", "pool", [], [], [new("east", "10.2.0.7:8080", "active", null, true, 0, null, null, null)], [new("match", "the route")]);

    private async Task<Explanation> ExplainAsync(string url, Explanation? ofProxy = null)
    {
        var scene = _scene.Build();
        var explainer = new PodExplainer(scene, scene.Pods[new("demo", "x-wing")], asked =>
        {
            _asked = asked;
            return Task.FromResult((ofProxy, "it is away"));
        });
        return await explainer.ExplainAsync(new("GET", url, [], "demo/x-wing"), new(url));
    }

    private static string Step(Explanation explanation, string stage) => explanation.Steps.First(step => step.Stage == stage).Text;

    private static string Text(Explanation explanation) => string.Join('\n', explanation.Steps.Select(step => $"{step.Stage}: {step.Text}"));
}
