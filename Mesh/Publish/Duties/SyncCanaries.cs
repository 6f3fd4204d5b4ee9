using System.Collections.Immutable;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Leadership;
using ClusterMesh.Mesh.Publish.Sync;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Mesh.Publish.Duties;

/// <summary>What a canary waits for.</summary>
/// <param name="Losses">How often its keys were lost: then the canary goes until they are back.</param>
/// <param name="Doubt">Asks whether its keys are still there; it is not synced until that is known.</param>
internal sealed record Canary(string Prefix, Func<bool> Synced, Func<int> Losses, Action Doubt);

/// <summary>
/// Writes the canary of each prefix after everything under it. The leader writes them all, once all of its own state is there: no
/// agent can know when every other one has written its nodes and addresses, and those of agents that were there before outlive a
/// change of leader on their own leases. Their lease is shorter than the others': without canaries readers believe no deletion, so
/// that a cluster whose leases run out while its agents hang keeps its backends there. Where they are gone they come back last, in
/// a new term too: its first look may have found keys on leases that were about to go.
/// </summary>
internal sealed class SyncCanaries(PublishConfig config, ImmutableArray<Canary> canaries, TimeProvider time) : IDisposable
{
    /// <summary>Whoever takes leases away by hand takes one after the other; so long the canaries stay away.</summary>
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(3);

    private readonly Signal _changed = new();
    private bool _wrote;

    public void Look() => _changed.Set();

    public async Task RunAsync(IEtcdClient client, Term term, Action works, CancellationToken stop)
    {
        if ((term.Follows || _wrote) && await AnyIsGoneAsync(client, stop))
        {
            // Whatever took them may have taken the other leases, or be about to, and they be noticed later.
            await Task.Delay(s_settle, time, stop);
            foreach (var canary in canaries) canary.Doubt();
        }

        await LeasedKeys.UseAsync(client, config.LeaseTtl / 2, term.Fence, keys => KeepAsync(keys, works), stop);
    }

    public void Dispose() => _changed.Dispose();

    private async Task<bool> AnyIsGoneAsync(IEtcdClient client, CancellationToken stop)
    {
        foreach (var canary in canaries)
        {
            if ((await client.GetAsync(StateKeys.Synced(config.Cluster, canary.Prefix), stop)).Item is null) return true;
        }

        return false;
    }

    private async Task KeepAsync(LeasedKeys keys, Action works)
    {
        var written = new Dictionary<string, int>();
        while (true)
        {
            await DeleteLostAsync(keys, written);
            if (canaries.All(canary => canary.Synced()))
            {
                await WriteMissingAsync(keys, written);
                works();
            }

            await _changed.WaitAsync(keys.Stopping);
        }
    }

    private async Task DeleteLostAsync(LeasedKeys keys, Dictionary<string, int> written)
    {
        foreach (var canary in canaries)
        {
            if (!written.TryGetValue(canary.Prefix, out var losses) || losses == canary.Losses()) continue;
            await keys.DeleteAsync(StateKeys.Synced(config.Cluster, canary.Prefix));
            written.Remove(canary.Prefix);
        }
    }

    private async Task WriteMissingAsync(LeasedKeys keys, Dictionary<string, int> written)
    {
        foreach (var canary in canaries)
        {
            if (written.ContainsKey(canary.Prefix)) continue;
            var losses = canary.Losses();
            await keys.PutAsync(StateKeys.Synced(config.Cluster, canary.Prefix), Heartbeat.Timestamp(time));
            written[canary.Prefix] = losses;
            _wrote = true;
        }
    }
}
