using System.Globalization;
using System.Text;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Mesh.Publish.Duties;

/// <summary>Says that this cluster's state is being written: the time, every minute (cilium.md 2).</summary>
internal sealed class Heartbeat(PublishConfig config, TimeProvider time)
{
    public Task RunAsync(IEtcdClient client, EtcdCondition fence, Action works, CancellationToken stop) =>
        LeasedKeys.UseAsync(client, config.LeaseTtl, fence, async keys =>
        {
            while (true)
            {
                await keys.PutAsync(StateKeys.Heartbeat, Timestamp(time));
                works();
                await Task.Delay(config.HeartbeatPeriod, time, keys.Stopping);
            }
        }, stop);

    /// <summary>RFC 3339 in UTC, as Go writes it.</summary>
    public static byte[] Timestamp(TimeProvider time) => Encoding.UTF8.GetBytes(time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
}
