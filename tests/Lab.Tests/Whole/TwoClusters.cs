using ClusterMesh.Cli.Lab;
using ClusterMesh.Cli.Lab.Lifetime;
using ClusterMesh.Cli.Lab.Nodes;
using ClusterMesh.Cli.Lab.Topology;

namespace ClusterMesh.Lab.Tests.Whole;

/// <summary>One lab for all tests of a class: two clusters of two nodes, each with two rebel-base and an x-wing.</summary>
public sealed class TwoClusters : IAsyncLifetime
{
    private static int s_last;

    private readonly string _file = Path.Combine(Path.GetTempPath(), $"clustermesh-lab-{Environment.ProcessId}-{Interlocked.Increment(ref s_last)}.yaml");

    internal RunningLab Lab { get; private set; } = null!;

    public static string Clusters => """
        apiVersion: v1
        kind: Service
        metadata: { name: rebel-base, annotations: { service.cilium.io/global: "true" } }
        spec: { selector: { name: rebel-base }, ports: [{ name: http, port: 80, targetPort: http }] }
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: rebel-base }
        spec:
          replicas: 2
          template:
            metadata: { labels: { name: rebel-base, version: v1 } }
            spec:
              terminationGracePeriodSeconds: 5
              containers: [{ name: web, ports: [{ name: http, containerPort: 8080 }, { containerPort: 8080, protocol: UDP }] }]
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: x-wing, labels: { name: x-wing } }
        spec: { containers: [{ name: x, command: [sleep, infinity] }], terminationGracePeriodSeconds: 0 }
        """;

    public async Task InitializeAsync()
    {
        // A fixture is made even for tests that are skipped.
        if (KernelRing.Missing is not null) return;
        File.WriteAllText(_file, Clusters);
        var topology = TopologyReader.ReadText($$"""
            clusters:
              - { name: west, nodes: 2, podCIDR: 10.1.0.0/16, manifests: ["{{_file}}"] }
              - { name: east, nodes: 2, podCIDR: 10.2.0.0/16, manifests: ["{{_file}}"] }
            """, "test.yaml");
        Lab = await RunningLab.UpAsync(topology, new($"t{Environment.ProcessId}-{s_last}", LabPrograms.Find(null), static _ => { }), default);
    }

    /// <summary>The address of a pod, "CLUSTER/NAME", as it is now.</summary>
    internal string Address(string pod) => Pod(pod).Address;

    internal LabPodState Pod(string pod) => Lab.State.Pods.Single(there => $"{there.Cluster}/{there.Name}" == pod);

    public async Task DisposeAsync()
    {
        File.Delete(_file);
        if (Lab is not null) await Lab.DisposeAsync();
    }
}
