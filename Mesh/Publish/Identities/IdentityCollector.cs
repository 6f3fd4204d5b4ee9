using System.Text;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Publish.Sync;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Mesh.Publish.Identities;

/// <summary>
/// The leader's duty to delete identities that no node has a reference to, at two looks in a row (Cilium's identity-gc). Each under the
/// lock of its labels: a node that wants it again either comes before, and it stays, or after, and makes it anew.
/// </summary>
internal sealed class IdentityCollector(int clusterId, TimeSpan period, WriteRate rate, TimeProvider time)
{
    private readonly IdentityCache _range = new(clusterId);
    private Dictionary<uint, Unused> _unused = [];

    public async Task RunAsync(IEtcdClient client, EtcdCondition fence, Action works, CancellationToken stop)
    {
        _unused = [];
        while (true)
        {
            await Task.Delay(period, time, stop);
            await LookAsync(client, fence, stop);
            works();
        }
    }

    /// <summary>One look; gives how many it deleted.</summary>
    public async Task<int> LookAsync(IEtcdClient client, EtcdCondition fence, CancellationToken cancel)
    {
        var now = await UnusedAsync(client, cancel);
        var due = now.Where(pair => _unused.TryGetValue(pair.Key, out var before) && before == pair.Value).ToList();
        var deleted = 0;
        if (due.Count > 0)
        {
            await using var lease = await client.OpenLeaseAsync(IdentityLocks.Ttl, cancel);
            var locks = new IdentityLocks(client, lease, "collector");
            foreach (var (id, unused) in due)
            {
                await rate.WaitAsync(cancel);
                if (await DeleteAsync(client, locks, fence, id, unused, cancel)) deleted++;
            }
        }

        _unused = now;
        return deleted;
    }

    private async Task<Dictionary<uint, Unused>> UnusedAsync(IEtcdClient client, CancellationToken cancel)
    {
        var unused = new Dictionary<uint, Unused>();
        await foreach (var page in client.ListAsync(StateKeys.IdentityIds + "/", cancel))
        {
            foreach (var item in page.Items)
            {
                if (_range.Parse(item.Key) is { } id) unused[id] = new(Encoding.UTF8.GetString(item.Value.Span), item.ModRevision);
            }
        }

        // Listed after the numbers: a reference that is made meanwhile is seen.
        await foreach (var page in client.ListAsync(IdentityUses.Prefix, cancel))
        {
            foreach (var item in page.Items)
            {
                if (IdentityUses.NumberOf(item.Value.Span) is { } id) unused.Remove(id);
            }
        }

        return unused;
    }

    private static async Task<bool> DeleteAsync(IEtcdClient client, IdentityLocks locks, EtcdCondition fence, uint id, Unused unused, CancellationToken cancel)
    {
        var held = await locks.AcquireAsync(unused.Labels, cancel);
        await foreach (var page in client.ListAsync($"{IdentityUses.Prefix}{unused.Labels}/", cancel))
        {
            if (page.Items.Count == 0) continue;
            await locks.ReleaseAsync(held, cancel);
            return false;
        }

        var key = StateKeys.Identity(id);
        var result = await client.TxnAsync(new([fence, held, new(key, unused.ModRevision)], [EtcdOp.Delete(key), EtcdOp.Delete(held.Key)], []), cancel);
        if (!result.Held) await locks.ReleaseAsync(held, cancel);
        return result.Held;
    }

    private sealed record Unused(string Labels, long ModRevision);
}
