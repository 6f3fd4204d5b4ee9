namespace ClusterMesh.Mesh.Objects;

/// <summary>v1 Node.</summary>
/// <param name="PodCidrs">spec.podCIDRs, else spec.podCIDR.</param>
public sealed record NodeObject(ObjectMeta Meta, IReadOnlyList<NodeAddress> Addresses, IReadOnlyList<string> PodCidrs) : KubernetesObject(Meta)
{
    public override string Kind => "Node";
}

/// <param name="Type">Hostname, InternalIP, ExternalIP, InternalDNS or ExternalDNS.</param>
public sealed record NodeAddress(string Type, string Address);
