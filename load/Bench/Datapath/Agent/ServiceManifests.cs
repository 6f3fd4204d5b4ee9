using System.Text;

namespace ClusterMesh.DatapathBench.Agent;

/// <summary>A cluster's manifests: global services, and the backends of each in one slice.</summary>
internal static class ServiceManifests
{
    private const int ServicesInAFile = 200;

    public static void Write(string directory, int services, int backendsOfEach)
    {
        foreach (var file in Enumerable.Range(0, services).Chunk(ServicesInAFile))
        {
            var text = new StringBuilder();
            foreach (var number in file) Append(text, number, backendsOfEach);
            File.WriteAllText(Path.Combine(directory, $"services-{file[0]}.yaml"), text.ToString());
        }
    }

    private static void Append(StringBuilder text, int number, int backends)
    {
        var endpoints = Enumerable.Range(0, backends).Select(backend => $"{{ addresses: [10.{128 + backend}.{number >> 8}.{number & 255}], conditions: {{ ready: true }} }}");
        text.Append($$"""
            apiVersion: v1
            kind: Service
            metadata: { name: service-{{number}}, namespace: bench, annotations: { service.cilium.io/global: "true" } }
            spec: { clusterIP: 10.96.{{number >> 8}}.{{number & 255}}, ports: [{ name: http, port: 80 }] }
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: { name: service-{{number}}-a, namespace: bench, labels: { kubernetes.io/service-name: service-{{number}} } }
            addressType: IPv4
            ports: [{ name: http, port: 8080 }]
            endpoints: [{{string.Join(", ", endpoints)}}]
            ---

            """);
    }
}
