namespace ClusterMesh.Ingress.Tests.Hosting;

/// <summary>Ordinary manifests for the host's tests.</summary>
internal static class Manifest
{
    public static string Service(string name, int port, string annotations = "") => $$"""
        apiVersion: v1
        kind: Service
        metadata: { name: {{name}}, annotations: { {{annotations}} } }
        spec: { ports: [{ name: http, port: 80 }] }
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: { name: {{name}}-1, labels: { kubernetes.io/service-name: {{name}} } }
        addressType: IPv4
        ports: [{ name: http, port: {{port}} }]
        endpoints: [{ addresses: [127.0.0.1] }]

        """;

    public static string Ingress(string name, string host, string service, string annotations = "", string tls = "") => $$"""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: {{name}}, annotations: { {{annotations}} } }
        spec:
          {{tls}}
          rules:
          - host: {{host}}
            http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: {{service}}, port: { name: http } } } }] }

        """;

    public static string TlsSecret(string name, string certificate, string key) => $$"""
        apiVersion: v1
        kind: Secret
        type: kubernetes.io/tls
        metadata: { name: {{name}} }
        stringData:
          tls.crt: |
        {{Indent(certificate)}}
          tls.key: |
        {{Indent(key)}}

        """;

    private static string Indent(string text) => string.Join('\n', text.Split('\n').Select(line => "    " + line));
}
