using System.Net;

namespace ClusterMesh.Proxy.Authorize;

/// <summary>Which rule of the kernel brought a connection to the node's proxy.</summary>
internal enum CallerScope
{
    /// <summary>A frontend that is balanced by request.</summary>
    Service,

    /// <summary>The caller's policy, which has HTTP rules.</summary>
    Egress,

    /// <summary>The policy of the pod that is called.</summary>
    Ingress,
}

/// <summary>Who asks over a connection that the kernel handed to the node's proxy, as the kernel says.</summary>
/// <param name="Endpoint">The pod of this node that the rule was about; 0 = none is known.</param>
/// <param name="Asked">Where the caller meant to connect to.</param>
internal sealed record Caller(uint Identity, ushort Endpoint, CallerScope Scope, IPEndPoint Asked);
