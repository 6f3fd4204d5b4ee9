namespace ClusterMesh.Ingress.Tests.Admin;

/// <summary>A main Ingress and a canary as Flagger writes them, with one backend behind both services.</summary>
internal static class CanaryManifests
{
    public static string With(int port) => $$"""
        {{Service("web")}}
        ---
        {{Service("web-canary")}}
        ---
        {{Slice("web", port)}}
        ---
        {{Slice("web-canary", port)}}
        ---
        {{Ingress("web", "web", "")}}
        ---
        {{Ingress("web-canary", "web-canary", """, annotations: {nginx.ingress.kubernetes.io/canary: "true", nginx.ingress.kubernetes.io/canary-by-header: X-Canary, nginx.ingress.kubernetes.io/canary-weight: "0"}""")}}
        ---
        {{Ingress("broken", "web", """, annotations: {nginx.ingress.kubernetes.io/proxy-body-size: "much"}""").Replace("foo.example", "bar.example", StringComparison.Ordinal)}}

        """;

    private static string Service(string name) =>
        $$"""{apiVersion: v1, kind: Service, metadata: {name: {{name}}, namespace: default}, spec: {ports: [{port: 80, targetPort: 8080}]} }""";

    private static string Slice(string name, int port) => $$"""
        {apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, addressType: IPv4, metadata: {name: {{name}}-1, namespace: default, labels: {kubernetes.io/service-name: {{name}} } },
         ports: [{name: "", port: {{port}}, protocol: TCP}], endpoints: [{addresses: ["127.0.0.1"], conditions: {ready: true} }]}
        """;

    private static string Ingress(string name, string service, string annotations) => $$"""
        {apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: {{name}}, namespace: default{{annotations}} },
         spec: {ingressClassName: clustermesh, rules: [{host: foo.example, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: {{service}}, port: {number: 80} } } }]} }]} }
        """;
}
