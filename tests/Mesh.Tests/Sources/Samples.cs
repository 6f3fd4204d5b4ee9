namespace ClusterMesh.Mesh.Tests.Sources;

/// <summary>Small manifests that more than one test starts from.</summary>
internal static class Samples
{
    public static string Service(string name, int port = 80) =>
        $"""
        apiVersion: v1
        kind: Service
        metadata:
          name: {name}
        spec:
          ports:
          - port: {port}

        """;

    public static string Ingress(string name, string host = "foo.example") =>
        $"""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: {name}
        spec:
          rules:
          - host: {host}
            http:
              paths:
              - path: /
                pathType: Prefix
                backend:
                  service:
                    name: web
                    port:
                      number: 80

        """;

    public static string Documents(params string[] documents) => string.Join("---\n", documents);
}
