using System.Net;
using ClusterMesh.Cli.Lab.Network;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>
/// Two pods of cluster-2 that speak every protocol, and the ways from cluster-1 to them: a service that is balanced by requests, and rules of
/// both ends with HTTP in them, by two proxies.
/// </summary>
public sealed class TalkingPods(TunnelledClusters clusters) : IAsyncLifetime
{
    public const string ByService = "service by requests", ByRules = "rules at both ends";

    private readonly List<PodServer> _servers = [];

    public async Task InitializeAsync()
    {
        if (KernelRing.Missing is not null) return;
        await clusters.Lab.ApplyAsync("cluster-1", Here);
        await clusters.Lab.ApplyAsync("cluster-2", There);
        foreach (var pod in new[] { "talk", "talk-ruled" }) _servers.Add(await PodServer.StartAsync(clusters.Lab.Netns($"cluster-2/test/{pod}"), ProtocolBackend.AnswerAsync));
    }

    public async Task DisposeAsync()
    {
        foreach (var server in _servers) await server.DisposeAsync();
        if (KernelRing.Missing is not null) return;
        foreach (var (cluster, yaml) in new[] { ("cluster-1", Here), ("cluster-2", There) })
        {
            foreach (var (kind, key) in AppliedObjects.In(yaml)) await clusters.Lab.DeleteAsync(cluster, kind, $"{key.Namespace}/{key.Name}");
        }
    }

    /// <summary>Sockets of who asks, and what he asks; once requests go by the proxies.</summary>
    internal async Task<(NamespaceSockets Sockets, IPEndPoint To)> WayAsync(string way)
    {
        var places = new Places(clusters.Lab);
        var (from, to) = way == ByService ? ("client", new IPEndPoint(IPAddress.Parse("10.96.3.2"), 80)) : ("client2", new(places.Address("2/talk-ruled"), PodServer.Port));
        var sockets = new NamespaceSockets(places.Namespace(from));
        using var http = PodHttp.Client(sockets, to);
        await Eventually.TrueAsync(async () => await IsThroughProxyAsync(http, way), $"{way} lead to the pod", 60);
        return (sockets, to);
    }

    // With rules: what they do not allow is answered by a proxy, so that it is one that answers.
    private static async Task<bool> IsThroughProxyAsync(HttpClient http, string way)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/hello") { Headers = { ConnectionClose = true } };
            using var answer = await http.SendAsync(request);
            using var other = new HttpRequestMessage(HttpMethod.Delete, "/hello") { Headers = { ConnectionClose = true } };
            using var refused = await http.SendAsync(other);
            return answer.StatusCode == HttpStatusCode.OK && refused.StatusCode == (way == ByService ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private const string Here = """
        apiVersion: v1
        kind: Service
        metadata: { name: talk, namespace: test, annotations: { service.cilium.io/global: "true", clustermesh.io/l7: "http" } }
        spec: { clusterIP: 10.96.3.2, selector: { name: talk }, ports: [{ port: 80, targetPort: 8080 }] }
        ---
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: { name: talk, namespace: test }
        spec:
          endpointSelector: { matchLabels: { name: client2 } }
          egress: [{ toEndpoints: [{ matchLabels: { name: talk-ruled, io.cilium.k8s.policy.cluster: cluster-2 } }], toPorts: [{ ports: [{ port: "8080", protocol: TCP }], rules: { http: [{ method: "GET|PUT|POST" }] } }] }]
        """;

    private const string There = """
        apiVersion: v1
        kind: Pod
        metadata: { name: talk, namespace: test, labels: { name: talk } }
        spec: { nodeName: cluster-2-node-2, containers: [] }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: talk-ruled, namespace: test, labels: { name: talk-ruled } }
        spec: { nodeName: cluster-2-node-2, containers: [] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: talk, namespace: test, annotations: { service.cilium.io/global: "true" } }
        spec: { clusterIP: 10.97.3.2, selector: { name: talk }, ports: [{ port: 80, targetPort: 8080 }] }
        ---
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: { name: talk, namespace: test }
        spec:
          endpointSelector: { matchLabels: { name: talk-ruled } }
          ingress: [{ fromEndpoints: [{ matchLabels: { name: client2, io.cilium.k8s.policy.cluster: cluster-1 } }], toPorts: [{ ports: [{ port: "8080", protocol: TCP }], rules: { http: [{ method: "GET|PUT|POST" }] } }] }]
        """;
}
