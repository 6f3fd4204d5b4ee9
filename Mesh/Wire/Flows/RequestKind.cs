using System.Net;

namespace ClusterMesh.Mesh.Wire.Flows;

/// <summary>What requests have in common that count as one: who asked whom, in which way, and how it ended.</summary>
/// <param name="Destination">The backend's address, else the one that was asked for.</param>
/// <param name="Cluster">The backend's; empty = none was chosen.</param>
/// <param name="Method">A known one, or "_OTHER".</param>
/// <param name="Reason">How it ended where that is an error, else why its backend's pool was taken (PoolReason), else empty.</param>
/// <param name="Ingress">Told for a pod of this node that was called; else for one that called.</param>
public readonly record struct RequestKind(
    IPAddress Source, uint SourceIdentity, IPAddress Destination, string Cluster, string Method, int Status, string Reason, bool Ingress);
