using System.Collections.Immutable;
using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Policy.Rules;
using ClusterMesh.Mesh.Policy.Selectors;

namespace ClusterMesh.Mesh.Policy.Compilation;

/// <summary>All that policies say to an endpoint for one direction. An identity's rows depend on nothing but its own filters.</summary>
internal sealed record DirectionFilters(PolicyDirection Direction, bool DefaultDeny, ImmutableArray<string> IsolatedBy, ImmutableArray<PolicyFilter> Filters)
{
    public DirectionPolicy Compile(SelectorCache identities)
    {
        var everyPeer = PolicyRows.Of(Filters.Where(filter => filter.Peer is null).SelectMany(filter => filter.Rows));
        var rows = ImmutableDictionary.CreateBuilder<uint, ImmutableArray<PolicyRow>>();
        if (!everyPeer.IsEmpty) rows.Add(0, everyPeer);
        Fill(rows, identities, null);
        return new(Direction, DefaultDeny, IsolatedBy, rows.ToImmutable());
    }

    /// <summary>The same after these identities came, went or changed.</summary>
    public DirectionPolicy Compile(DirectionPolicy last, SelectorCache identities, IReadOnlySet<uint> changed)
    {
        var rows = last.Rows.ToBuilder();
        rows.RemoveRange(changed);
        Fill(rows, identities, changed);
        return rows.ToImmutable() is var now && ReferenceEquals(now, last.Rows) ? last : last with { Rows = now };
    }

    /// <param name="only">Null for all identities.</param>
    private void Fill(ImmutableDictionary<uint, ImmutableArray<PolicyRow>>.Builder rows, SelectorCache identities, IReadOnlySet<uint>? only)
    {
        var candidates = new Dictionary<uint, List<PolicyRow>>();
        foreach (var filter in Filters)
        {
            if (filter.Peer is not { Members: var members }) continue;
            foreach (var id in only is null ? members : only.Count < members.Count ? only.Where(members.Contains) : members.Where(only.Contains))
            {
                if (!candidates.TryGetValue(id, out var list)) candidates.Add(id, list = []);
                list.AddRange(filter.RowsOf(identities.Find(id)!));
            }
        }

        foreach (var (id, list) in candidates)
        {
            if (list.Count > 0) rows[id] = PolicyRows.Of(list);
        }
    }
}
