namespace ClusterMesh.Connectivity.Tests;

/// <summary>A proxy that is told so lets backends see the client's address, in its own cluster as in the other.</summary>
public sealed class ClientSourceDrill(TunnelledClusters clusters) : IClassFixture<TunnelledClusters>
{
    private const string Node = "cluster-1-node-1";

    [KernelFact]
    public async Task ClientSource_On_EveryBackendSeesThePodsAddressAndAnswersThere()
    {
        var lab = clusters.Lab;
        var places = new Places(lab);
        await lab.StartProxyAsync(Node, default, "--client-source", "on");
        try
        {
            await lab.ApplyAsync("cluster-1", """
                apiVersion: v1
                kind: Service
                metadata: { name: rebel-base, namespace: default, annotations: { service.cilium.io/global: "true", clustermesh.io/l7: "http" } }
                spec: { clusterIP: 10.96.2.1, selector: { name: rebel-base }, ports: [{ port: 80, targetPort: 8080 }] }
                """);
            var (pod, url) = (places.Target("x-wing"), $"http://{places.Address("svc/rebel-base")}/");
            await Eventually.TrueAsync(async () => (await lab.HttpAsync(pod, url)).Body.Contains("x-forwarded-for", StringComparison.Ordinal), "requests go by the proxy");
            var answered = new HashSet<string>();
            for (var i = 0; i < 40; i++)
            {
                var answer = await lab.HttpAsync(pod, url);
                Assert.Equal(200, answer.Status);
                answered.Add($"{answer.Cluster}/{answer.Pod}");
            }

            Assert.Equal(["cluster-1/rebel-base-1", "cluster-1/rebel-base-2", "cluster-2/rebel-base-1", "cluster-2/rebel-base-2"], answered.Order());
            // As packets: the kernel at the other end saw the pod's address, and never the node's.
            var (pods, nodes) = ($"\"ip\":\"{places.Address("x-wing")}\"", "\"ip\":\"10.1.1.1\"");
            foreach (var other in new[] { "cluster-1-node-2", "cluster-2-node-1", "cluster-2-node-2" })
            {
                await Eventually.TrueAsync(async () => (await SeenAsync(other)).Contains(pods, StringComparison.Ordinal), $"{other} saw the pod's own address");
                Assert.DoesNotContain(nodes, await SeenAsync(other), StringComparison.Ordinal);
            }
        }
        finally
        {
            await lab.ApplyAsync("cluster-1", TwoClusters.Written("cluster-1"));
            await lab.StartProxyAsync(Node);
        }

        Task<string> SeenAsync(string node) => places.PageAsync(node, "/flows?type=new-connection&to-pod=default/rebel-base&last=200");
    }
}
