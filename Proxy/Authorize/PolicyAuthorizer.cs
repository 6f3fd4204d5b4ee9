using System.Net;
using ClusterMesh.Bpf;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Policy;
using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Policy.Http;
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

    public Judgement Judge(IHttpFacts asked, IHttpFacts sent, Caller caller, BackendHealth backend)
    {
        if (_policies is not { } policies) return Refused("the policies are not known yet");
        return caller.Scope switch
        {
            CallerScope.Ingress => policies.Find(caller.Endpoint)?.Policy is { } receiver ? Judge(sent, receiver.Ingress, caller.Identity, backend.Backend.Port) : Unknown(caller),
            CallerScope.Gateway => JudgeGateway(asked, sent, caller, backend, policies),
            _ => policies.Find(caller.Endpoint)?.Policy is { } sender ? JudgeWay(asked, sent, caller, sender, backend, policies) : Unknown(caller),
        };
    }

    /// <summary>Into it, where clients are known by their addresses; and out of it.</summary>
    private Judgement JudgeGateway(IHttpFacts asked, IHttpFacts sent, Caller caller, BackendHealth backend, NodePolicies policies)
    {
        if (policies.Gateway is not { } gateway) return Refused("the gateway's policy is not known");
        var entry = gateway.Judges(PolicyDirection.Ingress)
            ? Judge(asked, gateway.Ingress, IdentityOf(caller.Client), caller.Asked.Port)
            : Judgement.Unasked;
        return entry.Allowed ? And(entry, JudgeWay(asked, sent, caller, gateway, backend, policies)) : entry;
    }

    private Judgement JudgeWay(IHttpFacts asked, IHttpFacts sent, Caller caller, EndpointPolicy sender, BackendHealth backend, NodePolicies policies)
    {
        var port = backend.Backend.Port;
        var egress = sender.Judges(PolicyDirection.Egress) ? Judge(asked, sender.Egress, IdentityOf(backend.Address), port) : Judgement.Unasked;
        if (!egress.Allowed || policies.FindByAddress(backend.Address)?.Policy is not { } receiver || !receiver.Judges(PolicyDirection.Ingress)) return egress;
        return And(egress, Judge(sent, receiver.Ingress, caller.Identity, port));
    }

    private static Judgement Judge(IHttpFacts request, DirectionPolicy policy, uint peer, int port)
    {
        var verdict = policy.DecideHttp(peer, (ushort)port, request);
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
