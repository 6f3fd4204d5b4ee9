using System.Collections.Immutable;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Proxy.Health;
using ClusterMesh.Proxy.Routing;
using ClusterMesh.Proxy.Split;

namespace ClusterMesh.Proxy.Pick;

/// <summary>Takes one backend: first a pool by its weight, then a member of it by the route's way of balancing.</summary>
internal sealed class BackendPicker(IChance chance)
{
    /// <summary>The backend for a first attempt; null when the target has none at all.</summary>
    public Picked? First(Target target, Chosen chosen, in RequestFacts request)
    {
        var selection = chosen.Selection;
        if (selection.Pools.IsEmpty) return null;
        var (index, lost) = DrawPool(target.Turns, chosen);
        var pool = selection.Pools[index];
        var member = Member(target.LoadBalance, ref target.Turns.Pick(index), chosen, pool.Members, request);
        return new(chosen.Backends[pool.Members[member]], lost ? PoolReason.Failover : pool.Reason);
    }

    private static (int Pool, bool Lost) DrawPool(TargetTurns turns, Chosen chosen)
    {
        var pools = chosen.Selection.Pools.Length;
        if (chosen.Sequence is null) return (0, false);
        var index = chosen.Sequence.Draw(ref turns.Pool);
        return index < pools ? (index, false) : (chosen.Rest?.Draw(ref turns.Rest) ?? 0, true);
    }

    private int Member(LoadBalance balance, ref long turn, Chosen chosen, ImmutableArray<int> members, in RequestFacts request)
    {
        if (members.Length == 1) return 0;
        switch (balance.Kind)
        {
            case LoadBalanceKind.Hash when request.Value(balance.Key) is { Length: > 0 } value:
                return Rendezvous(chosen, members, StickyHash.Of(value));
            case LoadBalanceKind.Random:
                return (int)(chance.Next() % (ulong)members.Length);
            case LoadBalanceKind.RoundRobin:
                return Next(ref turn, members.Length);
            default:
                return LessLoaded(ref turn, chosen, members);
        }
    }

    // Power of two choices, the first of them by turn: even when idle, and never to the busier of the two.
    private int LessLoaded(ref long turn, Chosen chosen, ImmutableArray<int> members)
    {
        var first = Next(ref turn, members.Length);
        var second = (int)(chance.Next() % (ulong)(members.Length - 1));
        if (second >= first) second++;
        return chosen.Backends[members[second]].InFlight < chosen.Backends[members[first]].InFlight ? second : first;
    }

    private static int Next(ref long turn, int count) => (int)((ulong)Interlocked.Increment(ref turn) % (ulong)count);

    // The member with the highest hash: when one goes or comes, only its own keys move.
    private static int Rendezvous(Chosen chosen, ImmutableArray<int> members, ulong key)
    {
        var (best, score) = (0, 0UL);
        for (var i = 0; i < members.Length; i++)
        {
            var mine = StickyHash.Mix(key, chosen.Backends[members[i]].Hash);
            if (mine >= score) (best, score) = (i, mine);
        }

        return best;
    }
}

/// <summary>The backend taken and why its pool takes requests.</summary>
internal readonly record struct Picked(BackendHealth Backend, PoolReason Reason);
