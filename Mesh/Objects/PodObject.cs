namespace ClusterMesh.Mesh.Objects;

/// <summary>v1 Pod: what decides its identity and its addresses.</summary>
/// <param name="Ips">status.podIPs, else status.podIP; empty until it has one.</param>
/// <param name="HostNetwork">Such a pod has the node's address and no identity of its own.</param>
public sealed record PodObject(
    ObjectMeta Meta,
    string? NodeName,
    IReadOnlyList<string> Ips,
    string ServiceAccount = "default",
    bool HostNetwork = false,
    string Phase = "Running") : KubernetesObject(Meta)
{
    public override string Kind => "Pod";

    public IReadOnlyList<ContainerPort> Ports { get; init; } = [];

    /// <summary>Succeeded and Failed pods have left the network.</summary>
    public bool Ended => Phase is "Succeeded" or "Failed";
}

/// <summary>A named port of one of a pod's containers.</summary>
public sealed record ContainerPort(string Name, int Port, string Protocol = "TCP");
