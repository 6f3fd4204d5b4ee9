using System.Text;

namespace ClusterMesh.DatapathBench.Redirect;

/// <summary>The cluster's manifests: its node, pods, and services by requests and by connections.</summary>
internal static class MeshManifests
{
    private const int RoutesInAFile = 200;

    public static string Node(string name, string address, string podCidr) => $$"""
        apiVersion: v1
        kind: Node
        metadata: { name: {{name}} }
        spec: { podCIDR: {{podCidr}} }
        status: { addresses: [{ type: InternalIP, address: {{address}} }] }
        """;

    public static string Pod(string name, string node) => $$"""
        apiVersion: v1
        kind: Pod
        metadata: { name: {{name}}, namespace: bench, labels: { app: {{name}} } }
        spec: { nodeName: {{node}}, containers: [{ name: c }] }
        status: { phase: Running }
        """;

    /// <param name="requests">Its requests are balanced, not its connections.</param>
    public static string Service(string name, string clusterIp, int port, string backend, int backendPort, bool requests) => $$"""
        apiVersion: v1
        kind: Service
        metadata: { name: {{name}}, namespace: bench, annotations: { clustermesh.io/l7: {{(requests ? "http" : "none")}} } }
        spec: { clusterIP: {{clusterIp}}, ports: [{ name: http, port: {{port}} }] }
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: { name: {{name}}-a, namespace: bench, labels: { kubernetes.io/service-name: {{name}} } }
        addressType: IPv4
        ports: [{ name: http, port: {{backendPort}} }]
        endpoints: [{ addresses: [{{backend}}], conditions: { ready: true } }]
        """;

    /// <summary>As many HTTPRoutes, each of a service of its own.</summary>
    public static void WriteRoutes(string directory, int routes)
    {
        foreach (var file in Enumerable.Range(0, routes).Chunk(RoutesInAFile))
        {
            var text = new StringBuilder();
            foreach (var number in file) text.Append(Route(number)).Append("\n---\n");
            File.WriteAllText(Path.Combine(directory, $"routes-{file[0]}.yaml"), text.ToString());
        }
    }

    private static string Route(int number) => $$"""
        {{Service($"service-{number}", $"10.97.{number >> 8}.{number & 255}", 80, $"10.128.{number >> 8}.{number & 255}", 8080, requests: true)}}
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: { name: route-{{number}}, namespace: bench }
        spec:
          parentRefs: [{ group: "", kind: Service, name: service-{{number}}, port: 80 }]
          rules:
            - matches: [{ path: { type: PathPrefix, value: /api/v{{number}} } }]
              filters: [{ type: RequestHeaderModifier, requestHeaderModifier: { set: [{ name: x-route, value: "{{number}}" }] } }]
              backendRefs: [{ name: service-{{number}}, port: 80 }]
        """;
}
