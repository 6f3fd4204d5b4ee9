using System.Net;
using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Agent.Explain;

/// <summary>One address that a connection may end at, and what the policies of both ends say about it.</summary>
/// <param name="Ingress">Null: it is not a pod of this node, and who has it asks itself.</param>
internal sealed record Destination(IPEndPoint Address, FlowPeer Peer, Judgement Egress, Judgement? Ingress)
{
    public bool IsAllowed => Egress.Verdict.Allowed && Ingress is not { Verdict.Allowed: false };

    /// <summary>Which side's HTTP rules want a proxy; null: none of them.</summary>
    public string? ProxyScope => !IsAllowed ? null : Egress.Verdict.Redirects ? "egress" : Ingress is { Verdict.Redirects: true } ? "ingress" : null;
}

/// <param name="Policy">Null: it is not compiled yet, and nothing is let through.</param>
internal sealed record Judgement(DirectionPolicy? Policy, PolicyVerdict Verdict);
