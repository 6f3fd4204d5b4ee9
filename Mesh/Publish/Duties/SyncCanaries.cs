using System.Collections.Immutable;
using ClusterMesh.Mesh.Etcd;
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
/// that a cluster whose leases run out while its agents hang keeps its backends there.
/// </summary>
internal sealed class SyncCanaries(PublishConfig config, ImmutableArray<Canary> canaries, TimeProvider time) : IDisposable
{
    /// <summary>Whoever takes leases away by hand takes one after the other; so long the canaries stay away.</summary>
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(3);

    private readonly Signal _changed = new();

    public void Look() => _changed.Set();

    public async Task RunAsync(IEtcdClient client, EtcdCondition fence, Action works, CancellationToken stop)
    {
        try
        {
            await LeasedKeys.UseAsync(client, config.LeaseTtl / 2, fence, keys => KeepAsync(keys, works), stop);
        }
        catch (EtcdException e) when (e.Error == EtcdError.LeaseNotFound)
        {
            // Whatever took this lease may have taken the others, or be about to, and they be noticed later.
            await Task.Delay(s_settle, time, stop);
            foreach (var canary in canaries) canary.Doubt();
            throw;
        }
    }

    public void Dispose() => _changed.Dispose();

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
        }
    }
}
