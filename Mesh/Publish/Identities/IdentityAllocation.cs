using System.Globalization;
using System.Text;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Mesh.Publish.Identities;

/// <summary>That this node uses a number for these labels: the reference key and what it stands on.</summary>
/// <param name="Since">The revision at which the number had these labels.</param>
internal sealed record IdentityUse(uint Id, string Key, long Lease, long Since);

/// <summary>
/// Finds or makes the number of one set of labels and puts this node's reference to it, under the labels' lock (cilium.md 3.1).
/// Numbers in use come first: whoever has pods with these labels has their number, whatever is cached.
/// </summary>
internal sealed class IdentityAllocation(IEtcdClient client, IdentityLocks locks, IdentityCache cache, int clusterId, string nodeIp, IChance chance)
{
    /// <param name="remembered">The number that we used for them before, if any.</param>
    /// <param name="isFree">Whether a number may be tried for labels that have none.</param>
    /// <returns>Null when every number of the cluster is taken.</returns>
    public async Task<IdentityUse?> AllocateAsync(string labels, uint? remembered, long lease, Func<uint, bool> isFree, CancellationToken cancel)
    {
        while (true)
        {
            var held = await locks.AcquireAsync(labels, cancel);
            var known = new[] { await InUseAsync(labels, cancel), cache.Find(labels), remembered }.OfType<uint>().Distinct();
            foreach (var id in known.Concat(IdentityNumbers.Free(clusterId, isFree, chance)))
            {
                var (outcome, revision) = await TryAsync(held, labels, id, lease, cancel);
                if (outcome == Outcome.Ours) return new(id, StateKeys.IdentityValue(labels, nodeIp), lease, revision);
                if (outcome == Outcome.LockLost) break;
            }

            if (!await StillHeldAsync(held, cancel)) continue;
            await locks.ReleaseAsync(held, cancel);
            return null;
        }
    }

    private async Task<(Outcome, long Revision)> TryAsync(EtcdCondition held, string labels, uint id, long lease, CancellationToken cancel)
    {
        var key = StateKeys.Identity(id);
        while (true)
        {
            var (item, _) = await client.GetAsync(key, cancel);
            if (item is not null && Encoding.UTF8.GetString(item.Value.Span) != labels) return (Outcome.Taken, 0);
            var use = EtcdOp.Put(StateKeys.IdentityValue(labels, nodeIp), Encoding.UTF8.GetBytes(id.ToString(CultureInfo.InvariantCulture)), lease);
            var unlock = EtcdOp.Delete(held.Key);
            var result = await client.TxnAsync(
                item is null
                    ? new([held, EtcdCondition.Absent(key)], [EtcdOp.Put(key, Encoding.UTF8.GetBytes(labels)), use, unlock], [EtcdOp.Get(held.Key)])
                    : new([held, new(key, item.ModRevision)], [use, unlock], [EtcdOp.Get(held.Key)]),
                cancel);
            if (result.Held) return (Outcome.Ours, result.Revision);
            if (result.Found[0]?.ModRevision != held.ModRevision) return (Outcome.LockLost, 0);
        }
    }

    private async Task<uint?> InUseAsync(string labels, CancellationToken cancel)
    {
        var (first, last) = NumericIdentity.RangeOf(clusterId);
        var uses = new List<uint>();
        await foreach (var page in client.ListAsync($"{StateKeys.IdentityValues}/{labels}/", cancel))
        {
            foreach (var item in page.Items)
            {
                if (IdentityUses.NumberOf(item.Value.Span) is { } id && id >= first && id <= last) uses.Add(id);
            }
        }

        // There is only one, unless somebody else than us wrote here: then the one that most nodes use.
        return uses.Count == 0 ? null : uses.GroupBy(id => id).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First().Key;
    }

    private async Task<bool> StillHeldAsync(EtcdCondition held, CancellationToken cancel) =>
        (await client.GetAsync(held.Key, cancel)).Item?.ModRevision == held.ModRevision;

    private enum Outcome { Ours, Taken, LockLost }
}
