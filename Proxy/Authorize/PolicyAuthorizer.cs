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

    public Judgement Judge(Exchange exchange, Caller caller, BackendHealth backend)
    {
        if (_policies is not { } policies) return Refused("the policies are not known yet");
        return caller.Scope switch
        {
            CallerScope.Ingress => policies.Find(caller.Endpoint)?.Policy is { } asked ? Judge(exchange, asked.Ingress, caller.Identity, backend.Backend.Port) : Unknown(caller),
            CallerScope.Gateway => JudgeGateway(exchange, caller, backend, policies),
            _ => policies.Find(caller.Endpoint)?.Policy is { } sender ? JudgeWay(exchange, caller, sender, backend, policies) : Unknown(caller),
        };
    }

    /// <summary>Into it, where clients are known by their addresses; and out of it.</summary>
    private Judgement JudgeGateway(Exchange exchange, Caller caller, BackendHealth backend, NodePolicies policies)
    {
        if (policies.Gateway is not { } gateway) return Refused("the gateway's policy is not known");
        var connection = exchange.Context.Connection;
        var entry = gateway.Judges(PolicyDirection.Ingress)
            ? Judge(exchange, gateway.Ingress, IdentityOf(connection.RemoteIpAddress ?? IPAddress.None), connection.LocalPort)
            : Judgement.Unasked;
        return entry.Allowed ? And(entry, JudgeWay(exchange, caller, gateway, backend, policies)) : entry;
    }

    private Judgement JudgeWay(Exchange exchange, Caller caller, EndpointPolicy sender, BackendHealth backend, NodePolicies policies)
    {
        var port = backend.Backend.Port;
        var egress = sender.Judges(PolicyDirection.Egress) ? Judge(exchange, sender.Egress, IdentityOf(backend.Address), port) : Judgement.Unasked;
        if (!egress.Allowed || policies.FindByAddress(backend.Address)?.Policy is not { } receiver || !receiver.Judges(PolicyDirection.Ingress)) return egress;
        return And(egress, Judge(exchange, receiver.Ingress, caller.Identity, port));
    }

    private static Judgement Judge(Exchange exchange, DirectionPolicy policy, uint peer, int port)
    {
        var verdict = policy.DecideHttp(peer, (ushort)port, new ExchangeFacts(exchange));
        return new(verdict.Allowed, verdict.Rule?.ToString() ?? (verdict.Tried.IsEmpty ? "no rule allows this port" : $"none of {string.Join(", ", verdict.Tried)}"), verdict.Edits);
    }

    // The last one that was asked is the one to be named: it is where a refusal comes from.
    private static Judgement And(Judgement first, Judgement second) =>
        first.Edits.IsEmpty ? second with { Rule = second.Rule ?? first.Rule } : new(second.Allowed, second.Rule ?? first.Rule, first.Edits.AddRange(second.Edits));

    private static Judgement Unknown(Caller caller) => Refused($"the policy of endpoint {caller.Endpoint} is not known");

    private static Judgement Refused(string why) => new(false, why, []);

    // As the kernel says it: outside of everything known is the world.
    private uint IdentityOf(IPAddress address) => maps.Ipcache.TryGet(new(new IPNetwork(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, 32)), out var peer) ? peer.Identity : NumericIdentity.World;
}
