using System.Diagnostics.Metrics;
using ClusterMesh.Mesh.Clusters.Connection;

namespace ClusterMesh.Mesh.Clusters;

/// <summary>
/// The meter "ClusterMesh.Clusters", collected when asked: Cilium's series under Cilium's names (cilium.md 5), all gauges as
/// there, and two of our own, clustermesh_remote_cluster_read_bytes_total and clustermesh_remote_cluster_ignored_total.
/// </summary>
internal sealed class RemoteMetrics : IDisposable
{
    public const string Name = "ClusterMesh.Clusters";

    private readonly Meter _meter = new(Name);
    private readonly KeyValuePair<string, object?>[] _own;
    private readonly Func<IEnumerable<KeyValuePair<string, RemoteEntry>>> _remotes;

    public RemoteMetrics(RemoteClustersConfig config, Func<IEnumerable<KeyValuePair<string, RemoteEntry>>> remotes)
    {
        _remotes = remotes;
        _own = [new("source_cluster", config.Cluster), new("source_node_name", config.Node)];
        _meter.CreateObservableGauge("cilium_clustermesh_remote_clusters", () => new Measurement<long>(remotes().LongCount(), _own), null, "Remote clusters that this cluster is connected to or tries to be.");
        Gauge("nodes", remote => remote.Nodes.Count, "Nodes of the remote cluster.");
        Gauge("services", remote => remote.Services.Count, "Services that the remote cluster shares.");
        Gauge("endpoints", remote => remote.Ips.Count, "Addresses of the remote cluster with an identity.");
        Gauge("failures", remote => remote.Status.Failures, "Failures of the connection to the remote cluster.");
        Gauge("last_failure_ts", remote => remote.Status.LastErrorAt?.ToUnixTimeSeconds() ?? 0, "When the connection failed last, in seconds since 1970; 0 = never.");
        Gauge("readiness_status", remote => remote.Status.Phase is RemotePhase.Ready ? 1 : 0, "1 = all of the remote cluster is known and confirmed.");
        Gauge("cache_revocations", remote => remote.Status.Revocations, "How often service data was aged out by --remote-ttl.");
        _meter.CreateObservableCounter("clustermesh_remote_cluster_read", ReadBytes, "By", "Bytes of keys and values read of the remote cluster, from its own etcd (remote) or the mirror in ours (cache).");
        _meter.CreateObservableCounter("clustermesh_remote_cluster_ignored", Ignored, null, "Keys and values of the remote cluster that were not believed.");
    }

    public void Dispose() => _meter.Dispose();

    private void Gauge(string name, Func<RemoteObjects, long> value, string description) => _meter.CreateObservableGauge(
        $"cilium_clustermesh_remote_cluster_{name}", () => _remotes().Select(remote => Of(value(remote.Value.Current), remote.Key)), null, description);

    private IEnumerable<Measurement<long>> ReadBytes() => _remotes().SelectMany(remote => new[]
    {
        Of(remote.Value.Read.Direct, remote.Key, Tag("source", "remote")),
        Of(remote.Value.Read.Cached, remote.Key, Tag("source", "cache")),
    });

    private IEnumerable<Measurement<long>> Ignored() =>
        _remotes().SelectMany(remote => remote.Value.Current.Status.Ignored.Select(ignored => Of(ignored.Value, remote.Key, Tag("reason", ignored.Key))));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private Measurement<long> Of(long value, string cluster, params ReadOnlySpan<KeyValuePair<string, object?>> more) =>
        new(value, [.. _own, Tag("target_cluster", cluster), .. more]);
}
