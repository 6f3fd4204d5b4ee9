using System.Net;
using ClusterMesh.Bpf;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Policy;
using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Policy.Rules;
using ClusterMesh.Proxy.Authorize;
using ClusterMesh.Proxy.Health;

namespace ClusterMesh.Proxy.Node;

/// <summary>
/// Asks what the kernel could not: of a service the sender's egress policy about the backend that was picked, HTTP rules, and the ingress
/// policy of a receiver on this node, whom the kernel lets the proxy reach. What is not known is refused.
/// </summary>
internal sealed class PolicyAuthorizer(ProxyMaps maps) : IAuthorizer
{
    private volatile NodePolicies? _policies;

    /// <summary>Null until the agent was heard.</summary>
    public NodePolicies? Policies => _policies;

    public void Apply(NodePolicies policies) => _policies = policies;

    public bool Allows(Exchange exchange, Caller caller, BackendHealth backend)
    {
        if (_policies is not { } policies) return Refuse(exchange, "the policies are not known yet");
        var port = (ushort)backend.Backend.Port;
        if (policies.Find(caller.Endpoint)?.Policy is not { } policy) return Refuse(exchange, $"the policy of endpoint {caller.Endpoint} is not known");
        if (caller.Scope == CallerScope.Ingress) return Judge(exchange, policy.Ingress, caller.Identity, port);
        if (policy.Judges(PolicyDirection.Egress) && !Judge(exchange, policy.Egress, IdentityOf(backend.Address), port)) return false;
        return policies.FindByAddress(backend.Address)?.Policy is not { } receiver || !receiver.Judges(PolicyDirection.Ingress)
            || Judge(exchange, receiver.Ingress, caller.Identity, port);
    }

    private static bool Judge(Exchange exchange, DirectionPolicy policy, uint peer, ushort port)
    {
        var verdict = policy.DecideHttp(peer, port, new ExchangeFacts(exchange));
        exchange.PolicyRule = verdict.Rule?.ToString() ?? (verdict.Tried.IsEmpty ? "no rule allows this port" : $"none of {string.Join(", ", verdict.Tried)}");
        if (!verdict.Edits.IsDefaultOrEmpty) exchange.HeaderEdits = [.. exchange.HeaderEdits, .. verdict.Edits];
        return verdict.Allowed;
    }

    private static bool Refuse(Exchange exchange, string why)
    {
        exchange.PolicyRule = why;
        return false;
    }

    // As the kernel's from_container says it: outside of everything known is the world.
    private uint IdentityOf(IPAddress address) => maps.Ipcache.TryGet(new(new IPNetwork(address, 32)), out var peer) ? peer.Identity : NumericIdentity.World;
}
