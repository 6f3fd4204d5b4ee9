using System.Net;
using System.Net.Sockets;
using ClusterMesh.Agent.Network;
using ClusterMesh.Bpf;
using ClusterMesh.Bpf.Tests;
using ClusterMesh.Bpf.Tests.Lab;
using ClusterMesh.Tests;

namespace ClusterMesh.Agent.Tests.Node;

/// <summary>One node's endpoints, and what is around them.</summary>
public sealed class OneClusterTests : IDisposable
{
    private readonly AgentNode _west = new("west", 1);
    private readonly Netns _outside = new("outside-");

    public OneClusterTests()
    {
        _west.Netns.Run($"link add eth0 type veth peer name eth0 netns {_outside.Name}", $"addr add {_west.Underlay}/24 dev eth0", "link set eth0 up");
        _outside.Run("addr add 192.168.50.99/24 dev eth0", "link set eth0 up");
    }

    public void Dispose()
    {
        _west.Dispose();
        _outside.Dispose();
    }

    [KernelFact]
    public async Task Endpoints_AddedAskedAndRemoved_AreWhatTheKernelHas()
    {
        _west.StartAgent();
        await _west.ReadyAsync();
        _west.Apply("written", "{ apiVersion: v1, kind: Pod, metadata: { name: written, namespace: default }, spec: { nodeName: n1, containers: [{ name: c }] }, status: { phase: Running, podIP: 10.1.0.3 } }");
        using var netns = new Netns("p-");
        using var other = new Netns("p-");
        using var third = new Netns("p-");
        var first = await _west.AddEndpointAsync("first", netns);
        Assert.Equal(("10.1.0.2", "waiting-for-identity"), (first.Address, first.State));
        Assert.Equal(first.Id, (await _west.AddEndpointAsync("first", netns)).Id);
        await Eventually.TrueAsync(async () => (await _west.GetAsync("/bpf/ipcache")).Contains("default/written", StringComparison.Ordinal), "the manifest is read");
        // .3 belongs to a pod that is not here yet.
        Assert.Equal("10.1.0.4", (await _west.AddEndpointAsync("second", other)).Address);
        await RefusedAsync(409, "belongs to pod default/first", "third", third, "10.1.0.2");
        await RefusedAsync(409, "not one that this node gives to pods", "third", third, "10.9.0.2");
        await RefusedAsync(400, "netns:", "third", null, null);
        Assert.Equal("10.1.0.3", (await _west.AddEndpointAsync("written", third)).Address);

        _west.ApplyPod("first", "app: first");
        await _west.IdentifiedAsync("first");
        Assert.Contains("k8s:app=first", (await _west.EndpointAsync("first")).Labels);
        Assert.Equal(HttpStatusCode.NoContent, await _west.DeleteAsync("first"));
        Assert.Equal(HttpStatusCode.NotFound, await _west.DeleteAsync("first"));
        Assert.Equal(["written", "second"], (await _west.EndpointsAsync()).OrderBy(endpoint => endpoint.Address, StringComparer.Ordinal).Select(endpoint => endpoint.Pod));
        // One that was somebody's is not given again at once.
        Assert.Equal("10.1.0.5", (await _west.AddEndpointAsync("fourth", netns)).Address);
    }

    [KernelFact]
    public async Task Proxy_ThatComesAndGoes_IsSeenAndToldOnce()
    {
        _west.StartAgent();
        await _west.ReadyAsync();
        await ProxyIsAsync("absent", 0);
        using (var maps = ProxyMaps.Open(_west.NodePins))
        using (var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            maps.PutListener(listener.SafeHandle);
            await ProxyIsAsync("present", 1);
            await Eventually.TrueAsync(() => _west.Agent.Said.Contains("a proxy takes connections", StringComparison.Ordinal), "it is told");
        }

        await ProxyIsAsync("absent", 0);
        await Eventually.TrueAsync(() => _west.Agent.Said.Contains("no proxy takes connections any more", StringComparison.Ordinal), "it is told");
        // All that it ever said.
        await _west.Agent.SignalAsync("TERM");
        Assert.Equal(0, await _west.Agent.EndAsync());
        foreach (var told in new[] { "a proxy takes connections", "no proxy takes connections any more" }) Assert.Single(_west.Agent.Said.Split('\n'), line => line.Contains(told, StringComparison.Ordinal));
    }

    [KernelFact]
    public async Task ProxyRule_ThatSomebodyDeletes_ComesBack()
    {
        _west.StartAgent();
        await _west.ReadyAsync();
        Assert.Equal(1, ProxyRules());
        _west.Netns.Run($"rule delete {HostNetwork.ProxyRule}", $"route flush table {HostNetwork.ProxyTable}");
        await Eventually.TrueAsync(() => ProxyRules() == 1, "the rule is back", 20);
        Assert.Contains("local default dev lo", _west.Netns.Say("route", "show", "table", $"{HostNetwork.ProxyTable}"));
    }

    private int ProxyRules() => _west.Netns.Say("rule", "show").Split("lookup 2004").Length - 1;

    private async Task ProxyIsAsync(string state, int metric)
    {
        await Eventually.TrueAsync(async () => (await _west.GetAsync("/state")).Contains($"\"proxy\":\"{state}\"", StringComparison.Ordinal), $"the proxy is {state}");
        Assert.Contains($"clustermesh_proxy_present {metric}", await _west.GetAsync("/metrics"));
    }

    [KernelFact]
    public async Task Start_WithAnInterfaceGone_ForgetsThatEndpointAndSaysSo()
    {
        _west.StartAgent();
        await _west.ReadyAsync();
        var stays = await _west.AddPodAsync("stays", "app: stays");
        using var netns = new Netns("p-");
        var goes = await _west.AddEndpointAsync("goes", netns);
        await _west.Agent.SignalAsync("TERM");
        Assert.Equal(0, await _west.Agent.EndAsync());
        _west.Netns.Run($"link delete {goes.Interface}");
        _west.StartAgent();
        await _west.ReadyAsync();
        await _west.IdentifiedAsync("stays");
        Assert.Equal(["stays"], (await _west.EndpointsAsync()).Select(endpoint => endpoint.Pod));
        Assert.Contains($"of pod default/goes ({goes.Address}) is removed: its interface {goes.Interface} is gone", _west.Agent.Said, StringComparison.Ordinal);
        using var listener = stays.ListenTcp(80);
        var node = new LabPod("10.1.0.1", 0, 1, _west.Netns);
        using var connection = await node.ConnectAsync(stays, 80);
    }

    [KernelFact]
    public async Task Pod_ToOutside_HasTheNodesAddress()
    {
        _west.StartAgent();
        await _west.ReadyAsync();
        var client = await _west.AddPodAsync("client", "app: client");
        await _west.IdentifiedAsync("client");
        var outside = new LabPod("192.168.50.99", 0, 2, _outside);
        using var listener = outside.Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(outside.Address, 80));
        listener.Listen();
        using var connection = await client.ConnectAsync(outside, 80);
        using var accepted = await listener.AcceptAsync();
        Assert.Equal(_west.Underlay, ((IPEndPoint)accepted.RemoteEndPoint!).Address.ToString());
    }

    [KernelFact]
    public async Task Service_WithOutsideAddressesAndANodePort_IsReachedByTheNodeAndByPods()
    {
        _west.StartAgent();
        await _west.ReadyAsync();
        var server = await _west.AddPodAsync("server", "app: server");
        var client = await _west.AddPodAsync("client", "app: client");
        await _west.IdentifiedAsync("server");
        await _west.IdentifiedAsync("client");
        using var listener = Talk.Serve(server, 8080);
        _west.Apply("service", $$"""
            apiVersion: v1
            kind: Service
            metadata: { name: web, namespace: default }
            spec: { type: LoadBalancer, clusterIP: 10.96.0.1, externalIPs: [203.0.113.8, 10.1.0.77], ports: [{ port: 80, targetPort: 8080, nodePort: 30080 }] }
            status: { loadBalancer: { ingress: [{ ip: 203.0.113.7 }] } }
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: { name: web-1, namespace: default, labels: { kubernetes.io/service-name: web } }
            addressType: IPv4
            ports: [{ port: 8080 }]
            endpoints: [{ addresses: [{{server.Ip}}] }]
            """);
        await Eventually.TrueAsync(async () => (await _west.GetAsync("/bpf/lb")).Contains("203.0.113.7:80", StringComparison.Ordinal) && Routes().Contains("203.0.113.7 ", StringComparison.Ordinal), "the service is written");
        var node = new LabPod("10.1.0.1", 0, 1, _west.Netns);
        Assert.Equal($"{server.Ip} to 10.1.0.1", await Talk.AskAsync(node, "203.0.113.7:80"));
        // No address is taken away from the node by a Service that claims it.
        Assert.DoesNotContain("203.0.113.8", Routes(), StringComparison.Ordinal);
        Assert.DoesNotContain("10.1.0.77", Routes(), StringComparison.Ordinal);
        foreach (var address in new[] { _west.Underlay, "10.1.0.1" }) Assert.Equal($"{server.Ip} to {client.Ip}", await Talk.AskAsync(client, $"{address}:30080"));

        _west.Remove("service");
        await Eventually.TrueAsync(() => !Routes().Contains("203.0.113.", StringComparison.Ordinal), "the routes go with the service");
    }

    [KernelFact]
    public async Task Start_WithAnotherAgentOnTheNode_EndsWith1AndChangesNothing()
    {
        _west.StartAgent();
        await _west.ReadyAsync();
        await Eventually.TrueAsync(() => Routes().Contains("unreachable 10.1.0.0/24", StringComparison.Ordinal), "the first one has written all its routes");
        var before = Kernel();
        using var second = _west.StartAnother("--pod-cidr", "10.7.0.0/24");
        Assert.Equal(1, await second.EndAsync());
        Assert.Contains("is in use by another agent", second.Said, StringComparison.Ordinal);
        Assert.Equal(before, Kernel());
        Assert.Null(_west.Agent.ExitCode);
    }

    [KernelFact]
    public async Task Start_WithoutTheDevice_EndsWith1AndSaysWhy()
    {
        _west.StartAgent("--device", "eth7");
        Assert.Equal(1, await _west.Agent.EndAsync());
        Assert.Contains("cannot start: --device: there is no interface eth7 with an IPv4 address", _west.Agent.Said, StringComparison.Ordinal);
    }

    /// <summary>Every route, to the node's own addresses too, and every rule.</summary>
    private string Kernel() => _west.Netns.Say("-4", "route", "show", "table", "all") + _west.Netns.Say("rule", "show");

    private string Routes() => _west.Netns.In(() => ChildProcess.Run("ip", ["-4", "route", "show", "proto", "201"]));

    private async Task RefusedAsync(int status, string reason, string pod, Netns? netns, string? address)
    {
        using var answer = await _west.PostAsync(new("default", pod, netns is null ? "/no/such/namespace" : $"/run/netns/{netns.Name}", address));
        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        Assert.Contains(reason, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
