using System.Collections.Immutable;
using ClusterMesh.Mesh.Policy;
using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Wire.Protos;

namespace ClusterMesh.Mesh.Wire;

/// <summary>
/// What has to be told to one follower so that he knows what is in force, given what he was told before: runs of updates of bounded
/// size, of which the last one says so. A policy is told once for all of its endpoints, and of a change only the peers that it is about.
/// </summary>
internal sealed class PolicySender(string cluster)
{
    /// <summary>No endpoint's, as theirs have labels and ports.</summary>
    private const string Gateway = "gateway";

    /// <summary>Bounds a message; all of them are the same rows' peers.</summary>
    private const int MostPeers = 10_000;

    private readonly Dictionary<string, (uint Number, EndpointPolicy Policy)> _policies = new(StringComparer.Ordinal);
    private NodePolicies? _told;
    private uint _numbers;

    public IReadOnlyList<PoliciesUpdate> Updates(NodePolicies now)
    {
        var run = new PolicyRun(cluster, full: _told is null);
        var gone = _policies.Keys.ToHashSet();
        foreach (var (subject, policy) in Subjects(now))
        {
            gone.Remove(subject);
            Tell(run, subject, policy);
        }

        foreach (var endpoint in now.Endpoints.Where(endpoint => _told?.Find(endpoint.Id) is not { } before || before with { Policy = endpoint.Policy } != endpoint))
            run.Add(update => update.Endpoints, PolicyEncoding.Encode(endpoint, _policies[endpoint.Subject].Number));
        if (now.Gateway is not null && _told?.Gateway is null) run.Add(update => update.Endpoints, new Protos.NodeEndpoint { Policy = _policies[Gateway].Number });
        foreach (var endpoint in _told?.Endpoints.Where(endpoint => now.Find(endpoint.Id) is null) ?? []) run.Open.RemovedEndpoints.Add(endpoint.Id);
        if (now.Gateway is null && _told?.Gateway is not null) run.Open.RemovedEndpoints.Add(0);
        foreach (var subject in gone)
        {
            _policies.Remove(subject, out var old);
            run.Open.RemovedPolicies.Add(old.Number);
        }

        _told = now;
        return run.End();
    }

    private static IEnumerable<(string Subject, EndpointPolicy Policy)> Subjects(NodePolicies now)
    {
        var endpoints = now.Endpoints.DistinctBy(endpoint => endpoint.Subject).Select(endpoint => (endpoint.Subject, endpoint.Policy));
        return now.Gateway is { } gateway ? endpoints.Append((Gateway, gateway)) : endpoints;
    }

    private void Tell(PolicyRun run, string subject, EndpointPolicy policy)
    {
        var known = _policies.TryGetValue(subject, out var before);
        if (known && ReferenceEquals(before.Policy, policy)) return;
        var number = known ? before.Number : ++_numbers;
        _policies[subject] = (number, policy);
        Tell(run, number, before.Policy?.Ingress, policy.Ingress);
        Tell(run, number, before.Policy?.Egress, policy.Egress);
    }

    private static void Tell(PolicyRun run, uint number, DirectionPolicy? before, DirectionPolicy now)
    {
        if (before is null || before.DefaultDeny != now.DefaultDeny || !before.IsolatedBy.SequenceEqual(now.IsolatedBy)) run.Add(update => update.Policies, PolicyEncoding.Head(number, now));
        if (ReferenceEquals(before?.Rows, now.Rows)) return;
        var peers = new Dictionary<ImmutableArray<PolicyRow>, List<uint>>(SameRows.Instance);
        foreach (var (identity, rows) in now.Rows)
        {
            if (before is not null && SameRows.Instance.Equals(before.RowsOf(identity), rows)) continue;
            if (!peers.TryGetValue(rows, out var list)) peers.Add(rows, list = []);
            list.Add(identity);
        }

        if (before?.Rows.Keys.Where(identity => !now.Rows.ContainsKey(identity)).ToList() is { Count: > 0 } gone) peers.Add([], gone);
        foreach (var (rows, identities) in peers)
        {
            foreach (var some in identities.Chunk(MostPeers)) run.Add(update => update.Policies, PolicyEncoding.Rows(number, now.Direction, some, rows));
        }
    }

    private sealed class SameRows : IEqualityComparer<ImmutableArray<PolicyRow>>
    {
        public static SameRows Instance { get; } = new();

        public bool Equals(ImmutableArray<PolicyRow> one, ImmutableArray<PolicyRow> other) => one == other || one.AsSpan().SequenceEqual(other.AsSpan());

        public int GetHashCode(ImmutableArray<PolicyRow> rows) => rows.Aggregate(rows.Length, HashCode.Combine);
    }
}
