using System.Runtime.CompilerServices;
using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Mesh.Clusters.Connection;

/// <summary>Follows one key.</summary>
internal static class WatchedKey
{
    /// <summary>What the key holds now, and then each value it gets; null = there is none. Does not end by itself.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>?> FollowAsync(IEtcdClient client, string key, [EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            var (item, revision) = await client.GetAsync(key, cancel);
            yield return item?.Value;
            await using var watch = client.WatchKeyAsync(key, revision + 1, cancel).GetAsyncEnumerator(cancel);
            while (await NextAsync(watch))
            {
                foreach (var happened in watch.Current.Events) yield return happened.Value;
            }
        }
    }

    // After a compaction the key is read anew.
    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<EtcdWatchBatch> watch)
    {
        try
        {
            return await watch.MoveNextAsync();
        }
        catch (EtcdException e) when (e.Error is EtcdError.Compacted)
        {
            return false;
        }
    }
}
