using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Policy.Compilation;
using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Policy.Rules;
using ClusterMesh.Mesh.Policy.Selectors;

namespace ClusterMesh.Mesh.Policy;

/// <summary>
/// The policies of one cluster, compiled for the endpoints of one node and kept so while policies, endpoints and identities change.
/// An identity that comes or goes costs its own rows only. For one writer; what it gives out is immutable.
/// </summary>
/// <param name="cluster">The local cluster's name, which selectors without a cluster mean.</param>
public sealed class PolicyRepository(string cluster)
{
    private readonly SelectorCache _identities = WithReserved(cluster);
    private Dictionary<string, SubjectPolicy> _subjects = [];
    private Dictionary<PolicyObject, ResolvedPolicy> _resolved = [];
    private ImmutableArray<ResolvedPolicy> _policies = [];
    private ImmutableArray<CidrGroupObject> _groups = [];
    private ImmutableDictionary<uint, PolicyEndpoint> _endpoints = ImmutableDictionary<uint, PolicyEndpoint>.Empty;

    /// <summary>By endpoint.</summary>
    public ImmutableDictionary<uint, EndpointPolicy> Endpoints { get; private set; } = ImmutableDictionary<uint, EndpointPolicy>.Empty;

    public CidrIdentities Cidrs { get; private set; } = CidrIdentities.None;

    /// <summary>What is wrong with the policies in force, beyond what their sources said.</summary>
    public ImmutableArray<Problem> Problems { get; private set; } = [];

    public PolicyUpdate SetPolicies(ClusterPolicies policies)
    {
        var sameGroups = policies.CidrGroups.AsSpan().SequenceEqual(_groups.AsSpan());
        var resolution = new PolicyResolution(cluster, policies.CidrGroups);
        var known = sameGroups ? _resolved : [];
        _groups = policies.CidrGroups;
        _resolved = new(ReferenceEqualityComparer.Instance);
        foreach (var policy in policies.Policies) _resolved[policy] = known.GetValueOrDefault(policy) ?? resolution.Resolve(policy);
        _policies = [.. policies.Policies.Select(policy => _resolved[policy])];
        var before = Cidrs;
        var changed = SetCidrs();
        Problems = [.. _policies.SelectMany(policy => policy.Problems), .. Unnumbered()];
        Publish(changed, selectAgain: true);
        return new(Cidrs.ByCidr.RemoveRange(before.ByCidr.Keys), before.ByCidr.RemoveRange(Cidrs.ByCidr.Keys));
    }

    /// <summary>All endpoints of the node; those that are not there any more are forgotten.</summary>
    public void SetEndpoints(IEnumerable<PolicyEndpoint> endpoints)
    {
        _endpoints = endpoints.DistinctBy(endpoint => endpoint.Id).ToImmutableDictionary(endpoint => endpoint.Id);
        Publish([], selectAgain: false);
    }

    /// <summary>Identities of all clusters, this one's included; reserved ones and those of CIDRs are known without being told.</summary>
    public void ChangeIdentities(IEnumerable<PolicyIdentity> set, IEnumerable<uint> removed)
    {
        var changed = new HashSet<uint>();
        foreach (var id in removed.Where(IsTold))
        {
            _identities.Remove(id);
            changed.Add(id);
        }

        foreach (var identity in set.Where(identity => IsTold(identity.Id)))
        {
            _identities.Set(identity);
            changed.Add(identity.Id);
        }

        Publish(changed, selectAgain: false);
    }

    private static bool IsTold(uint id) => id is > 0 and <= NumericIdentity.LargestOfClusters && PolicyIdentity.Reserved.All(reserved => reserved.Id != id);

    private static SelectorCache WithReserved(string cluster)
    {
        var identities = new SelectorCache(cluster);
        foreach (var identity in PolicyIdentity.Reserved) identities.Set(identity);
        return identities;
    }

    private HashSet<uint> SetCidrs()
    {
        var peers = _policies.SelectMany(policy => policy.Specs).SelectMany(spec => spec.Rules).SelectMany(rule => rule.Peers ?? []).OfType<CidrPeer>();
        var (before, changed) = (Cidrs, new HashSet<uint>());
        Cidrs = before.With(peers.SelectMany(peer => peer.Except.Add(peer.Cidr)));
        foreach (var (cidr, id) in before.ByCidr.Where(pair => !Cidrs.ByCidr.ContainsKey(pair.Key)))
        {
            _identities.Remove(id);
            changed.Add(id);
        }

        foreach (var (cidr, id) in Cidrs.ByCidr.Where(pair => !before.ByCidr.ContainsKey(pair.Key)))
        {
            _identities.Set(PolicyIdentity.Of(id, cidr));
            changed.Add(id);
        }

        return changed;
    }

    private IEnumerable<Problem> Unnumbered() => Cidrs.Unnumbered == 0
        ? []
        : [new(cluster, "policies", "", $"they name {Cidrs.Unnumbered} CIDRs more than there are numbers for ({CidrIdentities.Last - CidrIdentities.First + 1})", "addresses there count as those of the next wider CIDR, or as the world")];

    /// <param name="changed">Identities of which something changed.</param>
    /// <param name="selectAgain">Whether policies changed, too.</param>
    private void Publish(HashSet<uint> changed, bool selectAgain)
    {
        var last = _subjects;
        _subjects = new(StringComparer.Ordinal);
        foreach (var endpoint in _endpoints.Values)
        {
            if (!_subjects.ContainsKey(endpoint.Subject)) _subjects.Add(endpoint.Subject, Subject(endpoint, last.GetValueOrDefault(endpoint.Subject), changed, selectAgain));
        }

        _identities.Keep(_subjects.Values.SelectMany(subject => subject.Selections).ToHashSet());
        Endpoints = _endpoints.ToImmutableDictionary(pair => pair.Key, pair => _subjects[pair.Value.Subject].Policy);
    }

    private SubjectPolicy Subject(PolicyEndpoint endpoint, SubjectPolicy? last, HashSet<uint> changed, bool selectAgain)
    {
        if (last is not null && !selectAgain) return last.After(_identities, changed);
        var specs = SubjectPolicy.Select(endpoint, _policies);
        return last is not null && specs.SequenceEqual(last.Specs) ? last.After(_identities, changed) : SubjectPolicy.Compile(endpoint, specs, _identities);
    }
}
