using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Policy;

/// <summary>A pod of this node that policies apply to.</summary>
/// <param name="Labels">Of its identity, "k8s:app=a;k8s:tier=b;"; "reserved:init=;" while it has none: then nothing is allowed that no policy allows.</param>
/// <param name="Ports">Named ports of its containers.</param>
public sealed record PolicyEndpoint(uint Id, string Labels, ImmutableArray<ContainerPort> Ports)
{
    /// <summary>Endpoints of equal subjects have the same policy.</summary>
    public string Subject { get; } = $"{Labels}|{string.Join(',', Ports.Select(port => $"{port.Name}={port.Port}/{port.Protocol}"))}";
}
