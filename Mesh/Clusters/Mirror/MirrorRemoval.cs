using ClusterMesh.Mesh.Clusters.Connection;
using ClusterMesh.Mesh.Clusters.State;
using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Mesh.Clusters.Mirror;

/// <summary>
/// Takes the mirror of a removed remote away: its cluster-config first, then, after some grace in which the other nodes see that
/// it is removed, its canaries and keys (cilium.md 1.2).
/// </summary>
internal static class MirrorRemoval
{
    /// <summary>Tries until it is done or cancelled.</summary>
    public static async Task RunAsync(string cluster, RemoteClustersConfig config, Func<EtcdConfig, IEtcdClient> connect, TimeProvider time, IChance chance, CancellationToken stop)
    {
        var keys = new MirrorKeys(cluster);
        await RetryAsync(client => client.DeleteAsync(keys.Config, cancel: stop));
        await Task.Delay(config.MirrorGrace, time, stop);
        await RetryAsync(async client =>
        {
            await client.DeleteAsync(keys.Synced, prefix: true, stop);
            foreach (var part in RemoteParts.All) await client.DeleteAsync(keys.Prefix(part), prefix: true, stop);
            await client.DeleteAsync(keys.Heartbeat, cancel: stop);
        });

        async Task RetryAsync(Func<IEtcdClient, Task> step)
        {
            var backoff = new Backoff(config.FirstBackoff, config.LongestBackoff, chance);
            while (true)
            {
                try
                {
                    await using var client = connect(config.Cache!);
                    await step(client);
                    return;
                }
                catch (EtcdException)
                {
                    await Task.Delay(backoff.Next(), time, stop);
                }
            }
        }
    }
}
