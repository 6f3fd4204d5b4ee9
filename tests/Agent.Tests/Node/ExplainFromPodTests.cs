using ClusterMesh.Mesh.Status;
using ClusterMesh.Tests;

namespace ClusterMesh.Agent.Tests.Node;

/// <summary>A real agent explains by what is in its kernel.</summary>
public sealed class ExplainFromPodTests
{
    [KernelFact]
    public async Task Explain_ByTheKernel_IsByItsFrontendsAndPolicies()
    {
        using var clusters = await TwoClusters.StartAsync();
        var (west, east) = (clusters.West, clusters.East);
        await west.AddPodAsync("client", "app: client");
        var here = await west.AddPodAsync("here", "app: web");
        var there = await east.AddPodAsync("there", "app: web");
        foreach (var (node, backend) in new[] { (west, here), (east, there) })
        {
            node.Apply("web", $$"""
                apiVersion: v1
                kind: Service
                metadata: { name: web, namespace: default, annotations: { service.cilium.io/global: "true" } }
                spec: { clusterIP: 10.96.0.1, ports: [{ name: http, port: 80, targetPort: 8080 }] }
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: { name: web-1, namespace: default, labels: { kubernetes.io/service-name: web } }
                addressType: IPv4
                ports: [{ name: http, port: 8080 }]
                endpoints: [{ addresses: [{{backend.Address}}], nodeName: n{{node.Number}} }]
                """);
        }

        await west.IdentifiedAsync("client");
        await west.IdentifiedAsync("here");
        var both = await UntilAsync(west, explanation => explanation.Backends.Count(backend => backend.Chosen) == 2, "both backends are in the kernel");
        Assert.Equal("forward", both.Outcome);
        Assert.Contains(both.Steps, step => step.Stage == "cluster" && step.Text.EndsWith("east 50.0 %, west 50.0 %", StringComparison.Ordinal));

        west.Apply("policy", """
            apiVersion: cilium.io/v2
            kind: CiliumNetworkPolicy
            metadata: { name: west-only, namespace: default }
            spec:
              endpointSelector: { matchLabels: { app: client } }
              egress: [{ toEndpoints: [{ matchLabels: { app: web } }] }]
            """);
        // A selector without a cluster means the local one.
        var west1 = await UntilAsync(west, explanation => explanation.Steps.Any(step => step.Text.Contains("denied", StringComparison.Ordinal)), "the policy is in force");
        Assert.Contains(west1.Steps, step => step is { Stage: "egress" } && step.Text.Contains("default/there in east: denied: no rule allows it", StringComparison.Ordinal));
        Assert.Contains(west1.Steps, step => step is { Stage: "egress" } && step.Text.Contains("default/here in west: allowed: a rule allows it: CiliumNetworkPolicy default/west-only", StringComparison.Ordinal));
        Assert.Equal("drop", (await west.ExplainAsync("client", $"http://{there.Address}:8080/")).Outcome);
    }

    private static async Task<Explanation> UntilAsync(AgentNode node, Func<Explanation, bool> fits, string what)
    {
        Explanation? last = null;
        await Eventually.TrueAsync(async () => fits(last = await node.ExplainAsync("client", "http://web/")), what, 30);
        return last!;
    }
}
