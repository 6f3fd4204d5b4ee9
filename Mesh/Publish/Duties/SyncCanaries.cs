using System.Collections.Immutable;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Publish.Sync;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Mesh.Publish.Duties;

/// <summary>What a canary waits for.</summary>
/// <param name="Losses">How often its keys were lost: then the canary goes until they are back.</param>
internal sealed record Canary(string Prefix, Func<bool> Synced, Func<int> Losses);

/// <summary>
/// Writes the canary of each prefix after everything under it. The leader writes them all, once all of its own state is there: no
/// agent can know when every other one has written its nodes and addresses, and those of agents that were there before outlive a
/// change of leader on their own leases. The canaries' lease is half as long as that of the keys: when all agents are gone for good the
/// canaries go first, and readers, who believe no deletion without them, keep what they know.
/// </summary>
internal sealed class SyncCanaries(PublishConfig config, ImmutableArray<Canary> canaries, TimeProvider time) : IDisposable
{
    private readonly Signal _changed = new();

    public void Look() => _changed.Set();

    public Task RunAsync(IEtcdClient client, EtcdCondition fence, Action works, CancellationToken stop) =>
        LeasedKeys.UseAsync(client, config.LeaseTtl / 2, fence, async keys =>
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
        }, stop);

    public void Dispose() => _changed.Dispose();

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
