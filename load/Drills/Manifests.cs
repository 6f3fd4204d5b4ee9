using System.Text;

namespace ClusterMesh.Load.Drills;

/// <summary>The Kubernetes YAML that drills and benches need, as plain text.</summary>
internal static class Manifests
{
    public static string GlobalService(string name) => $$"""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{name}}
          namespace: default
          annotations:
            service.cilium.io/global: "true"
            service.cilium.io/affinity: local
        spec:
          ports:
          - name: http
            port: 80

        """;

    /// <summary>No addresses is a valid slice: the service then has no endpoints in that cluster.</summary>
    public static string Slice(string service, int port, IEnumerable<(string Address, string Pod)> endpoints)
    {
        var items = string.Concat(endpoints.Select(e => $$"""
            - addresses: ["{{e.Address}}"]
              conditions: {ready: true}
              targetRef: {kind: Pod, name: {{e.Pod}}, namespace: default}

            """));
        return $$"""
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata:
              name: {{service}}-1
              namespace: default
              labels:
                kubernetes.io/service-name: {{service}}
            addressType: IPv4
            ports:
            - name: http
              port: {{port}}
              protocol: TCP
            endpoints:{{(items.Length == 0 ? " []\n" : "\n" + items)}}
            """;
    }

    public static string Ingress(string name, string host, string service, IReadOnlyDictionary<string, string>? annotations = null)
    {
        var lines = annotations is null ? "" : "  annotations:\n" + string.Concat(annotations.Select(a => $"    {a.Key}: \"{a.Value}\"\n"));
        return $"""
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: {name}
              namespace: default
            {lines}spec:
              rules:
              - host: {host}
                http:
                  paths:
            {PathRule("/", service)}
            """;
    }

    public static string Canary(string name, string host, string service, int weight) =>
        Ingress(name, host, service, new Dictionary<string, string>
        {
            ["nginx.ingress.kubernetes.io/canary"] = "true",
            ["nginx.ingress.kubernetes.io/canary-weight"] = $"{weight}",
        });

    /// <summary>Many routes in one file: an Ingress for each host, each with so many paths. The last path goes to another service.</summary>
    public static string ManyRoutes(int hosts, int pathsPerHost, string service, string lastService)
    {
        var text = new StringBuilder();
        for (var host = 0; host < hosts; host++)
        {
            text.Append($$"""
                ---
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: bulk-{{host}}, namespace: default}
                spec:
                  rules:
                  - host: {{BulkHost(host)}}
                    http:
                      paths:

                """);
            for (var path = 0; path < pathsPerHost; path++)
                text.Append(PathRule(BulkPath(path), (host, path) == (hosts - 1, pathsPerHost - 1) ? lastService : service));
        }

        return text.ToString();
    }

    public static string BulkHost(int number) => $"h{number}.bulk.drill";

    public static string BulkPath(int number) => $"/p{number}";

    private static string PathRule(string path, string service) =>
        $"      - {{path: {path}, pathType: Prefix, backend: {{service: {{name: {service}, port: {{name: http}}}}}}}}\n";
}
