using System.Text.Json;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Mesh.Publish.Duties;

/// <summary>Keeps cilium/cluster-config/OWN as it should be: written every few minutes, and at once when somebody changes or deletes it.</summary>
internal sealed class ClusterConfigKeeper(PublishConfig config, TimeProvider time)
{
    /// <summary>Two that disagree about the value must not write as fast as etcd can.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    internal static byte[] Value(int clusterId) => JsonSerializer.SerializeToUtf8Bytes(
        new ClusterConfigRecord
        {
            Id = clusterId,
            Capabilities = new() { SyncedCanaries = true, MaxConnectedClusters = 255, ServiceExportsEnabled = false },
        },
        SchemaJson.Instance.ClusterConfigRecord);

    public Task RunAsync(IEtcdClient client, EtcdCondition fence, Action works, CancellationToken stop) =>
        LeasedKeys.UseAsync(client, config.LeaseTtl, fence, async keys =>
        {
            var (key, value) = (StateKeys.ClusterConfig(config.Cluster), Value(config.ClusterId));
            while (true)
            {
                var revision = await keys.PutAsync(key, value);
                works();
                await ChangedOrDueAsync(client, key, revision, keys.Stopping);
            }
        }, stop);

    private async Task ChangedOrDueAsync(IEtcdClient client, string key, long revision, CancellationToken stop)
    {
        var start = time.GetTimestamp();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var changed = Leadership.KeyDeletion.WaitAsync(client, key, revision, orChanged: true, either.Token);
        var due = Task.Delay(config.ConfigPeriod, time, either.Token);
        var first = await Task.WhenAny(changed, due);
        await either.CancelAsync();
        await Task.WhenAll(Quiet(changed), Quiet(due));
        await first;
        if (time.GetElapsedTime(start) is var soon && soon < s_pause) await Task.Delay(s_pause - soon, time, stop);
    }

    private static Task Quiet(Task task) => task.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
