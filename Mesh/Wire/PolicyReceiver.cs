using System.Collections.Immutable;
using ClusterMesh.Mesh.Policy;
using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Policy.Rules;
using ClusterMesh.Mesh.Wire.Protos;
using NodeEndpoint = ClusterMesh.Mesh.Policy.NodeEndpoint;
using Rows = System.Collections.Immutable.ImmutableDictionary<uint, System.Collections.Immutable.ImmutableArray<ClusterMesh.Mesh.Policy.Entries.PolicyRow>>;

namespace ClusterMesh.Mesh.Wire;

/// <summary>
/// Builds policies from updates. A run of them takes effect with its last one or, when the connection breaks before that or one of
/// them cannot be used, not at all. One thread at a time.
/// </summary>
internal sealed class PolicyReceiver(string cluster)
{
    private static readonly EndpointPolicy s_nothing = new(Nothing(PolicyDirection.Ingress), Nothing(PolicyDirection.Egress));

    private readonly PolicyDecoding _decoding = new();
    private readonly List<PoliciesUpdate> _run = [];
    private ImmutableDictionary<uint, EndpointPolicy> _policies = ImmutableDictionary<uint, EndpointPolicy>.Empty;
    private ImmutableDictionary<uint, Protos.NodeEndpoint> _endpoints = ImmutableDictionary<uint, Protos.NodeEndpoint>.Empty;

    /// <summary>Another connection: what was told of an unfinished run does not count.</summary>
    public void Restart() => _run.Clear();

    /// <summary>What is in force now where the update was the last of its run, else null.</summary>
    /// <exception cref="WireException">It is not for this cluster, or cannot be used.</exception>
    public NodePolicies? Take(PoliciesUpdate update)
    {
        if (update.LocalCluster != cluster) throw new WireException($"the agent is of cluster \"{update.LocalCluster}\", not of \"{cluster}\"");
        _run.Add(update);
        if (!update.Last) return null;
        var (policies, endpoints) = (_policies.ToBuilder(), _endpoints.ToBuilder());
        if (_run[0].Full)
        {
            policies.Clear();
            endpoints.Clear();
        }

        var parts = _run.SelectMany(one => one.Policies).ToList();
        foreach (var part in parts) policies[part.Policy] = Apply(part, policies.GetValueOrDefault(part.Policy, s_nothing));
        // Made anew once it is whole: a copy would go on saying of what it was made from whether there is anything to ask.
        foreach (var number in parts.Select(part => part.Policy).Distinct()) policies[number] = new(policies[number].Ingress, policies[number].Egress);
        foreach (var endpoint in _run.SelectMany(one => one.Endpoints)) endpoints[endpoint.Id] = endpoint;
        endpoints.RemoveRange(_run.SelectMany(one => one.RemovedEndpoints));
        policies.RemoveRange(_run.SelectMany(one => one.RemovedPolicies));
        var now = Build(endpoints.ToImmutable(), policies.ToImmutable());
        (_policies, _endpoints) = (policies.ToImmutable(), endpoints.ToImmutable());
        _run.Clear();
        return now;
    }

    private EndpointPolicy Apply(PolicyPart part, EndpointPolicy policy) =>
        part.Egress ? policy with { Egress = Apply(part, policy.Egress) } : policy with { Ingress = Apply(part, policy.Ingress) };

    private DirectionPolicy Apply(PolicyPart part, DirectionPolicy policy)
    {
        var rows = _decoding.Rows(part);
        var (deny, by) = part.Head is { } head ? (head.DefaultDeny, [.. head.IsolatedBy]) : (policy.DefaultDeny, policy.IsolatedBy);
        return policy with
        {
            DefaultDeny = deny,
            IsolatedBy = by,
            Rows = rows.IsEmpty ? policy.Rows.RemoveRange(part.Identities) : policy.Rows.SetItems(part.Identities.Select(identity => KeyValuePair.Create(identity, rows))),
        };
    }

    private static NodePolicies Build(ImmutableDictionary<uint, Protos.NodeEndpoint> endpoints, ImmutableDictionary<uint, EndpointPolicy> policies)
    {
        var gateway = endpoints.TryGetValue(0, out var its) ? PolicyOf(its) : null;
        return new(endpoints.Values.Where(endpoint => endpoint.Id != 0).Select(Endpoint), gateway);

        EndpointPolicy PolicyOf(Protos.NodeEndpoint endpoint) =>
            policies.GetValueOrDefault(endpoint.Policy) ?? throw new WireException($"endpoint {endpoint.Id} has policy {endpoint.Policy}, which was not told");

        NodeEndpoint Endpoint(Protos.NodeEndpoint endpoint) =>
            new(endpoint.Id, PolicyDecoding.Address(endpoint), new(endpoint.Namespace, endpoint.Pod), endpoint.Identity, $"{endpoint.Policy}", PolicyOf(endpoint));
    }

    // Until its parts are told, nobody may anything.
    private static DirectionPolicy Nothing(PolicyDirection direction) => new(direction, true, [], Rows.Empty);
}
