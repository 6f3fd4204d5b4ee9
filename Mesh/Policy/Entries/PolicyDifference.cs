using System.Collections.Immutable;
using ClusterMesh.Mesh.Policy.Rules;

namespace ClusterMesh.Mesh.Policy.Entries;

/// <summary>
/// What to write into a policy map. The order matters: written in turn, upserts first, nothing is let through on the way that neither
/// the old nor the new policy lets through, and nothing is dropped that both allow.
/// </summary>
/// <param name="Upserts">Those that deny first, then those that redirect.</param>
/// <param name="Deletes">Those that denied last, before them those that redirected.</param>
public sealed record PolicyDifference(ImmutableArray<PolicyEntry> Upserts, ImmutableArray<PolicyKey> Deletes)
{
    public bool IsEmpty => Upserts.IsEmpty && Deletes.IsEmpty;

    /// <param name="before">Null for a new endpoint's empty map.</param>
    /// <param name="after">Null for an endpoint that is gone.</param>
    public static PolicyDifference Between(EndpointPolicy? before, EndpointPolicy? after)
    {
        PolicyDirection[] both = [PolicyDirection.Ingress, PolicyDirection.Egress];
        return Between(both.SelectMany(direction => Ids(before, direction).Union(Ids(after, direction)).Select(id => (direction, id))), before, after);
    }

    /// <summary>The same, looking only at identities of which something is known to have changed.</summary>
    internal static PolicyDifference Between(EndpointPolicy before, EndpointPolicy after, IReadOnlySet<uint> changed) =>
        Between(changed.SelectMany<uint, (PolicyDirection, uint)>(id => [(PolicyDirection.Ingress, id), (PolicyDirection.Egress, id)]), before, after);

    private static PolicyDifference Between(IEnumerable<(PolicyDirection Direction, uint Id)> rows, EndpointPolicy? before, EndpointPolicy? after)
    {
        var (upserts, deletes) = (new List<PolicyEntry>(), new List<PolicyEntry>());
        foreach (var (direction, id) in rows)
        {
            var (old, now) = (RowsOf(before, direction, id), RowsOf(after, direction, id));
            if (old == now) continue;
            var had = old.ToDictionary(row => row.Ports);
            foreach (var row in now)
            {
                if (!had.Remove(row.Ports, out var same) || same != row) upserts.Add(PolicyEntry.Of(direction, id, row));
            }

            deletes.AddRange(had.Values.Select(row => PolicyEntry.Of(direction, id, row)));
        }

        return new([.. upserts.OrderByDescending(entry => entry.Precedence)], [.. deletes.OrderBy(entry => entry.Precedence).Select(entry => entry.Key)]);
    }

    private static IEnumerable<uint> Ids(EndpointPolicy? policy, PolicyDirection direction) => policy?.Of(direction).Rows.Keys ?? [];

    private static ImmutableArray<PolicyRow> RowsOf(EndpointPolicy? policy, PolicyDirection direction, uint id) => policy?.Of(direction).RowsOf(id) ?? [];
}
