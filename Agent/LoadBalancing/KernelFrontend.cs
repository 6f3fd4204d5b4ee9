using System.Collections.Immutable;
using ClusterMesh.Bpf.Services;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Agent.LoadBalancing;

/// <summary>One address and port of a service as the kernel is to have it, and the choice behind it.</summary>
/// <param name="L7">What pods ask is the proxy's.</param>
internal sealed record KernelFrontend(Frontend Frontend, FrontendType Type, ServiceModel Service, PortChoice Choice, bool L7 = false)
{
    public FrontendModel Model { get; } = Type == FrontendType.ClusterIP && !L7 ? Choice.Model : Choice.Model with { External = Type != FrontendType.ClusterIP, L7 = L7 };
}

/// <summary>All frontends of one service, and what was wrong with it.</summary>
/// <param name="Choices">How its ports are balanced over the mesh: what the next decision remembers.</param>
internal sealed record KernelService(
    ServiceModel Service, ImmutableArray<KernelFrontend> Frontends, ImmutableArray<PortChoice> Choices, ImmutableArray<Problem> Problems)
{
    public ObjectKey Key => Service.Key;
}
