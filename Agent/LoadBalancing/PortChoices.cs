using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Agent.LoadBalancing;

/// <summary>The choices for one port by who asks: from inside or outside of the cluster, under the service's traffic policies.</summary>
internal sealed class PortChoices(ServiceModel service, ServicePortModel port, NodeView view, PortChoice? before)
{
    private PortChoice? _internalLocal, _externalLocal;

    /// <summary>The one over the mesh, where a frontend needed it.</summary>
    public PortChoice? Mesh { get; private set; }

    public PortChoice For(FrontendType type)
    {
        if (type == FrontendType.ClusterIP)
            return service.Object.InternalLocal ? _internalLocal ??= PortChoice.OnThisNode(service, port, view, "internalTrafficPolicy") : OverTheMesh();
        if (type == FrontendType.LoadBalancer && IsClosed(service.Object)) return PortChoice.Nobody(port, "loadBalancerSourceRanges is not enforced yet, so nobody is let in");
        return service.Object.Exposure.ExternalLocal ? _externalLocal ??= PortChoice.OnThisNode(service, port, view, "externalTrafficPolicy") : OverTheMesh();
    }

    /// <summary>Ranges that leave somebody out: as long as the kernel does not look at them, they must not turn into an open door.</summary>
    public static bool IsClosed(ServiceObject service) => service.Exposure.SourceRanges is { Count: > 0 } ranges && !ranges.Contains("0.0.0.0/0");

    private PortChoice OverTheMesh() => Mesh ??= PortChoice.OverTheMesh(service, port, view, before);
}
