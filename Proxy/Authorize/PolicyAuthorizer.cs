using System.Net;
using ClusterMesh.Bpf;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Policy;
using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Policy.Rules;
using ClusterMesh.Proxy.Health;

namespace ClusterMesh.Proxy.Authorize;

/// <summary>
/// Asks what the kernel could not: of a service the sender's egress policy about the backend that was picked, HTTP rules, and the ingress
/// policy of a receiver on this node, whom the kernel lets the proxy reach. What is not known is refused.
/// </summary>
internal sealed class PolicyAuthorizer(ProxyMaps maps) : IAuthorizer
{
    private volatile NodePolicies? _policies;

    public void Apply(NodePolicies policies) => _policies = policies;

    public bool Allows(Exchange exchange, Caller caller, BackendHealth backend)
    {
        if (_policies is not { } policies) return Refuse(exchange, "the policies are not known yet");
        return caller.Scope switch
        {
            CallerScope.Ingress => policies.Find(caller.Endpoint)?.Policy is { } asked ? Judge(exchange, asked.Ingress, caller.Identity, backend.Backend.Port) : Unknown(exchange, caller),
            CallerScope.Gateway => MayEnter(exchange, policies.Gateway) && MayLeave(exchange, caller, policies.Gateway, backend, policies),
            _ => MayLeave(exchange, caller, policies.Find(caller.Endpoint)?.Policy, backend, policies),
        };
    }

    /// <summary>Clients of the gateway are known by their addresses.</summary>
    private bool MayEnter(Exchange exchange, EndpointPolicy? gateway)
    {
        if (gateway is null) return Refuse(exchange, "the gateway's policy is not known");
        var connection = exchange.Context.Connection;
        return !gateway.Judges(PolicyDirection.Ingress) || Judge(exchange, gateway.Ingress, IdentityOf(connection.RemoteIpAddress ?? IPAddress.None), connection.LocalPort);
    }

    private bool MayLeave(Exchange exchange, Caller caller, EndpointPolicy? sender, BackendHealth backend, NodePolicies policies)
    {
        if (sender is null) return Unknown(exchange, caller);
        var port = backend.Backend.Port;
        if (sender.Judges(PolicyDirection.Egress) && !Judge(exchange, sender.Egress, IdentityOf(backend.Address), port)) return false;
        return policies.FindByAddress(backend.Address)?.Policy is not { } receiver || !receiver.Judges(PolicyDirection.Ingress)
            || Judge(exchange, receiver.Ingress, caller.Identity, port);
    }

    private static bool Judge(Exchange exchange, DirectionPolicy policy, uint peer, int port)
    {
        var verdict = policy.DecideHttp(peer, (ushort)port, new ExchangeFacts(exchange));
        exchange.PolicyRule = verdict.Rule?.ToString() ?? (verdict.Tried.IsEmpty ? "no rule allows this port" : $"none of {string.Join(", ", verdict.Tried)}");
        if (!verdict.Edits.IsDefaultOrEmpty) exchange.HeaderEdits = [.. exchange.HeaderEdits, .. verdict.Edits];
        return verdict.Allowed;
    }

    private static bool Unknown(Exchange exchange, Caller caller) => Refuse(exchange, $"the policy of endpoint {caller.Endpoint} is not known");

    private static bool Refuse(Exchange exchange, string why)
    {
        exchange.PolicyRule = why;
        return false;
    }

    // As the kernel says it: outside of everything known is the world.
    private uint IdentityOf(IPAddress address) => maps.Ipcache.TryGet(new(new IPNetwork(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, 32)), out var peer) ? peer.Identity : NumericIdentity.World;
}
