using System.Net;
using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Agent.Explain;

/// <summary>One address that a connection may end at, and what the policies of both ends say about it.</summary>
/// <param name="Ingress">Null: it is not a pod of this node, and who has it asks itself.</param>
internal sealed record Destination(IPEndPoint Address, FlowPeer Peer, PolicyVerdict Egress, PolicyVerdict? Ingress)
{
    public bool IsAllowed => Egress.Allowed && Ingress is not { Allowed: false };

    /// <summary>Which side's HTTP rules want a proxy; null: none of them.</summary>
    public string? ProxyScope => !IsAllowed ? null : HasHttpRules(Egress) ? "egress" : Ingress is { } ingress && HasHttpRules(ingress) ? "ingress" : null;

    /// <summary>Between deny and plain allow there is only: allowed by way of the proxy.</summary>
    private static bool HasHttpRules(PolicyVerdict verdict) => verdict.Entry is { Denies: false, Precedence: > PolicyPrecedence.Allow };

    public static string Text(PolicyVerdict verdict) => verdict.Reason switch
    {
        PolicyReason.NotAllowed => "denied: it is isolated, and no rule allows it",
        PolicyReason.Denied => $"denied by {verdict.Rule}",
        _ when HasHttpRules(verdict) => $"allowed by {verdict.Rule} for what its HTTP rules let pass, which the proxy asks",
        _ when verdict.Rule == RuleOrigin.NotIsolated => "allowed: no policy isolates it in this direction",
        _ => $"allowed by {verdict.Rule}",
    };
}
