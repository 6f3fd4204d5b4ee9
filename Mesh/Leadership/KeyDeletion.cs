using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Mesh.Leadership;

internal static class KeyDeletion
{
    /// <summary>Returns when the key, which stood at that revision, is deleted, or may have been. Never for nothing else.</summary>
    /// <param name="orChanged">Another value is as good as none.</param>
    public static async Task WaitAsync(IEtcdClient client, string key, long revision, bool orChanged, CancellationToken cancel)
    {
        try
        {
            await foreach (var batch in client.WatchAsync(key, revision + 1, cancel))
            {
                if (batch.Events.Any(change => change.Key == key && (orChanged || change.Value is null))) return;
            }
        }
        catch (EtcdException e) when (e.Error == EtcdError.Compacted)
        {
            // Whatever happened to it is not told any more: look again.
        }
    }
}
