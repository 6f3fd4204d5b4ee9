using System.Collections.Immutable;
using ClusterMesh.Mesh.Policy;
using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Wire.Protos;
using NodeEndpoint = ClusterMesh.Mesh.Policy.NodeEndpoint;

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

    // By what was told. A subject has more than one where the kernel did not take the new one for all of its endpoints.
    private Dictionary<(string Subject, EndpointPolicy Policy), uint> _numbers = [];
    private NodePolicies? _told;
    private uint _lastNumber;

    public IReadOnlyList<PoliciesUpdate> Updates(NodePolicies now)
    {
        var run = new PolicyRun(cluster, full: _told is null);
        var (before, numbers) = (_numbers, TellPolicies(run, now));
        foreach (var endpoint in now.Endpoints.Where(endpoint => !IsTold(endpoint))) run.Add(update => update.Endpoints, PolicyEncoding.Encode(endpoint, numbers[KeyOf(endpoint)]));
        if (now.Gateway is { } gateway && numbers[(Gateway, gateway)] is var number && !(_told?.Gateway is { } last && before[(Gateway, last)] == number))
            run.Add(update => update.Endpoints, new Protos.NodeEndpoint { Policy = number });
        foreach (var endpoint in _told?.Endpoints.Where(endpoint => now.Find(endpoint.Id) is null) ?? []) run.Open.RemovedEndpoints.Add(endpoint.Id);
        if (now.Gateway is null && _told?.Gateway is not null) run.Open.RemovedEndpoints.Add(0);
        (_told, _numbers) = (now, numbers);
        return run.End();

        bool IsTold(NodeEndpoint endpoint) =>
            _told?.Find(endpoint.Id) is { } last && last with { Subject = endpoint.Subject, Policy = endpoint.Policy } == endpoint && before[KeyOf(last)] == numbers[KeyOf(endpoint)];
    }

    private static (string Subject, EndpointPolicy Policy) KeyOf(NodeEndpoint endpoint) => (endpoint.Subject, endpoint.Policy);

    /// <returns>The numbers that hold from now on.</returns>
    private Dictionary<(string Subject, EndpointPolicy Policy), uint> TellPolicies(PolicyRun run, NodePolicies now)
    {
        var all = now.Endpoints.Select(KeyOf);
        var keys = (now.Gateway is { } gateway ? all.Append((Subject: Gateway, Policy: gateway)) : all).Distinct().ToList();
        var numbers = keys.Where(_numbers.ContainsKey).ToDictionary(key => key, key => _numbers[key]);
        var free = _numbers.Where(pair => !numbers.ContainsKey(pair.Key)).ToList();
        foreach (var key in keys.Where(key => !numbers.ContainsKey(key)))
        {
            // Under the number of the subject's last policy, if nobody has that any more, only what differs has to be told.
            var at = free.FindIndex(pair => pair.Key.Subject == key.Subject);
            var (last, number) = at < 0 ? (null, ++_lastNumber) : (free[at].Key.Policy, free[at].Value);
            if (at >= 0) free.RemoveAt(at);
            numbers.Add(key, number);
            Tell(run, number, last?.Ingress, key.Policy.Ingress);
            Tell(run, number, last?.Egress, key.Policy.Egress);
        }

        run.Open.RemovedPolicies.AddRange(free.Select(pair => pair.Value));
        return numbers;
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
