using System.Text.Json;
using ClusterMesh.Bpf.Tests;
using ClusterMesh.Mesh.Policy;
using ClusterMesh.Mesh.Policy.Http;
using ClusterMesh.Mesh.Status;
using ClusterMesh.Mesh.Wire;
using ClusterMesh.Tests;

namespace ClusterMesh.Agent.Tests.Node;

/// <summary>HTTP rules from the manifest to the kernel, to those who follow the agent, and to whoever asks.</summary>
public sealed class PolicyTraceTests : IDisposable
{
    private readonly AgentNode _west = new("west", 1);
    private readonly string _directory = Directory.CreateTempSubdirectory("clustermesh-trace-").FullName;
    private volatile NodePolicies? _told;

    public PolicyTraceTests() => _west.Netns.Run("link add eth0 type veth peer name eth1", $"addr add {_west.Underlay}/24 dev eth0", "link set eth0 up", "link set eth1 up");

    public void Dispose()
    {
        _west.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [KernelFact]
    public async Task Policy_OfHttp_IsInTheKernelToldAndTraced()
    {
        var socket = Path.Combine(_directory, "agent.sock");
        _west.StartAgent("--socket", socket);
        await _west.ReadyAsync();
        await _west.AddPodAsync("web", "app: web");
        await _west.AddPodAsync("client", "app: client");
        await _west.IdentifiedAsync("web");
        await _west.IdentifiedAsync("client");
        using var client = new PolicyClient(socket, "west", TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var running = client.RunAsync(policies => _told = policies, exception => Assert.Fail(exception.Message), static _ => { }, stop.Token);
        _west.Apply("policy", """
            apiVersion: cilium.io/v2
            kind: CiliumNetworkPolicy
            metadata: { name: web, namespace: default }
            spec:
              endpointSelector: { matchLabels: { app: web } }
              ingress: [{ fromEndpoints: [{ matchLabels: { app: client } }], toPorts: [{ ports: [{ port: "80", protocol: TCP }], rules: { http: [{ method: GET, path: "/public/.*" }] } }] }]
            """);

        var (web, asker) = (await _west.EndpointAsync("web"), await _west.EndpointAsync("client"));
        await Eventually.TrueAsync(() => _told?.Find((uint)web.Id)?.Policy.Ingress.DefaultDeny == true, "the policy is told");
        var told = _told!.FindByPod(new("default", "web"))!;
        Assert.Equal((web.Address, web.Identity), (told.Address.ToString(), told.Identity));
        Assert.True(told.Policy.Ingress.DecideHttp(asker.Identity, 80, new HttpFacts("GET", "/public/a", "", new Dictionary<string, string>())).Allowed);
        Assert.NotNull(_told!.Gateway);
        var kernel = JsonSerializer.Deserialize(await _west.GetAsync($"/bpf/policy/{web.Id}"), StatusJson.Default.IReadOnlyListPolicyEntryStatus)!;
        Assert.Equal(("redirect", "80/TCP"), Assert.Single(kernel, entry => entry.Identity == asker.Identity) is { } entry ? (entry.Verdict, entry.Port) : default);

        Assert.Equal("redirected", (await TraceAsync("from=default/client&to=default/web&port=80")).Verdict);
        var allowed = await TraceAsync($"from={asker.Identity}&to={web.Address}&port=80/TCP&method=GET&path=/public/a");
        Assert.Equal(("allowed", "CiliumNetworkPolicy default/web spec.ingress[0].toPorts[0]"), (allowed.Verdict, Assert.Single(allowed.Steps).HttpRule));
        Assert.Contains("no endpoint of this node", Assert.Single(allowed.Notes));
        var refused = await TraceAsync("from=default/client&to=default/web&port=80&method=PUT&path=/public/a");
        Assert.Equal(("refused", 2), (refused.Verdict, refused.Steps.Count));
        Assert.Equal(["egress", "ingress"], refused.Steps.Select(step => step.Direction));
        Assert.Equal("CiliumNetworkPolicy default/web spec.ingress[0].toPorts[0]", Assert.Single(refused.Steps[1].Tried));
        var denied = await TraceAsync("from=world&to=default/web&port=80&method=GET");
        Assert.Equal(("denied", "no rule allows it, and it is isolated by CiliumNetworkPolicy default/web"), (denied.Verdict, denied.Steps[0].Reason));
        Assert.Equal("unknown", (await TraceAsync("from=world&to=host&port=53/UDP")).Verdict);
        Assert.Equal("allowed", (await TraceAsync("from=ingress&to=default/client&port=80")).Verdict);
        await RefusedAsync("from=default/nobody&to=world&port=80", "from: default/nobody is neither an endpoint");
        await RefusedAsync("from=everybody&to=world&port=80", "is not NAMESPACE/POD");
        await RefusedAsync("from=world&to=world&port=http", "is not a port such as 80");
        await RefusedAsync("from=world&to=world&port=53/UDP&method=GET", "a request needs TCP");
        await RefusedAsync("from=world&to=world&port=80&header=x", "not of the form");
        await RefusedAsync("from=world&to=world&port=80&verb=GET", "verb: not one of");
        await RefusedAsync("from=world&port=80", "are needed");

        _west.Remove("policy");
        await Eventually.TrueAsync(() => _told?.Find((uint)web.Id)?.Policy.Ingress.DefaultDeny == false, "its end is told");
        await stop.CancelAsync();
        await running;
    }

    private async Task<PolicyTraceStatus> TraceAsync(string query) => JsonSerializer.Deserialize(await _west.GetAsync($"/policy/trace?{query}"), StatusJson.Default.PolicyTraceStatus)!;

    private async Task RefusedAsync(string query, string why) => Assert.Contains(why, (await _west.ErrorAsync($"/policy/trace?{query}")).Replace("\\u0022", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
}
