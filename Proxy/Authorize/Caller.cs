using System.Net;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Proxy.Forward;

namespace ClusterMesh.Proxy.Authorize;

/// <summary>Who opened a connection that the kernel handed over, and why it did. The same for all requests on it.</summary>
/// <param name="Identity">As the kernel knew it when the connection was opened.</param>
/// <param name="Endpoint">Of Service and Egress: the pod of this node that asks. Of Ingress: the one that is asked.</param>
/// <param name="Asked">Where the client connected to.</param>
internal sealed record Caller(uint Identity, ushort Endpoint, CallerScope Scope, IPEndPoint Asked)
{
    /// <summary>The other end of the connection: a pod, a client of the gateway, or the proxy of another node.</summary>
    public IPAddress Client { get; init; } = IPAddress.None;

    /// <summary>Nobody of the mesh, who came by way of a node: what it says about others is not believed.</summary>
    public bool IsOutside => Scope == CallerScope.Ingress && (Identity == NumericIdentity.World || Identity > NumericIdentity.LargestOfClusters);

    /// <summary>A client of the gateway, which asks backends as itself.</summary>
    public static Caller OfGateway(IPEndPoint asked, IPAddress client) => new(NumericIdentity.Ingress, 0, CallerScope.Gateway, asked) { Client = client };

    /// <summary>For whom connections to backends are opened.</summary>
    public OnBehalf Upstream { get; init; } = new(Identity, null);
}

/// <summary>Which rule handed a connection to the proxy.</summary>
internal enum CallerScope
{
    /// <summary>The service that was asked for is balanced by requests.</summary>
    Service,

    /// <summary>The egress policy of the pod that asks has HTTP rules.</summary>
    Egress,

    /// <summary>The ingress policy of the pod that is asked has HTTP rules.</summary>
    Ingress,

    /// <summary>None: a client of the gateway, which asks backends in its own name.</summary>
    Gateway,
}
