using System.Net;

namespace ClusterMesh.Drills.Tests.Lab;

/// <summary>A cluster's manifests, one file per service with its backends there and its host NAME.test.</summary>
internal sealed class Manifests(string directory)
{
    public const string Namespace = "drill";

    public string Directory { get; } = System.IO.Directory.CreateDirectory(directory).FullName;

    /// <summary>Writes or replaces a service.</summary>
    public void Service(string name, string affinity, params IEnumerable<IPEndPoint> backends) => Write(name, $$"""
        apiVersion: v1
        kind: Service
        metadata: { name: {{name}}, namespace: {{Namespace}}, annotations: { service.cilium.io/global: "true", service.cilium.io/affinity: {{affinity}} } }
        spec: { ports: [{ name: http, port: 80 }] }
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: {{name}}, namespace: {{Namespace}} }
        spec:
          rules:
          - host: {{name}}.test
            http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: {{name}}, port: { name: http } } } }] }
        {{string.Concat(backends.Select((backend, at) => Slice(name, at, backend)))}}
        """);

    /// <summary>A pod, for an identity and an address with it.</summary>
    public void Pod(string name, string node, string address) => Write(name, $$"""
        apiVersion: v1
        kind: Pod
        metadata: { name: {{name}}, namespace: {{Namespace}}, labels: { app: {{name}} } }
        spec: { nodeName: {{node}}, containers: [{ name: main, image: none }] }
        status: { phase: Running, podIP: {{address}}, podIPs: [{ ip: {{address}} }], conditions: [{ type: Ready, status: "True" }] }
        """);

    public void Remove(string name) => File.Delete(Path.Combine(Directory, $"{name}.yaml"));

    // One slice each, as each backend has a port of its own.
    private static string Slice(string service, int at, IPEndPoint backend) => $$"""

        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: { name: {{service}}-{{at}}, namespace: {{Namespace}}, labels: { kubernetes.io/service-name: {{service}} } }
        addressType: IPv4
        ports: [{ name: http, port: {{backend.Port}} }]
        endpoints: [{ addresses: [{{backend.Address}}], conditions: { ready: true } }]
        """;

    private void Write(string name, string text)
    {
        var aside = Path.Combine(Directory, $".{name}.new");
        File.WriteAllText(aside, text + "\n");
        File.Move(aside, Path.Combine(Directory, $"{name}.yaml"), overwrite: true);
    }
}
