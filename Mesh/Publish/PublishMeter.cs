using System.Diagnostics.Metrics;

namespace ClusterMesh.Mesh.Publish;

/// <summary>What publishing costs and where it stands, under Cilium's names (cilium.md 5).</summary>
internal sealed class PublishMeter : IDisposable
{
    public const string Name = "ClusterMesh.Publish";

    private readonly Meter _meter = new(Name);
    private readonly TimeProvider _time;
    private readonly KeyValuePair<string, object?> _cluster;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _errors;
    private readonly Gauge<int> _queue, _completed, _identities;

    public PublishMeter(string cluster, TimeProvider time)
    {
        (_time, _cluster) = (time, new("source_cluster", cluster));
        _duration = _meter.CreateHistogram<double>("cilium_kvstore_operations_duration_seconds", "s", "Duration of operations on our etcd.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
        _errors = _meter.CreateCounter<long>("cilium_kvstore_sync_errors_total", null, "Failures of writing our state to our etcd.");
        _queue = _meter.CreateGauge<int>("cilium_kvstore_sync_queue_size", null, "Keys that wait to be written to our etcd.");
        _completed = _meter.CreateGauge<int>("cilium_kvstore_initial_sync_completed", null, "1 = all our state of this kind is in our etcd.");
        _identities = _meter.CreateGauge<int>("cilium_identity", null, "Identities of this cluster.");
    }

    public long Now() => _time.GetTimestamp();

    public void Done(string action, string scope, long start) =>
        _duration.Record(_time.GetElapsedTime(start).TotalSeconds, new("action", action), new("scope", scope), new KeyValuePair<string, object?>("outcome", "success"));

    public void Failed(string scope) => _errors.Add(1, new("scope", scope), _cluster);

    public void Queued(string scope, int keys) => _queue.Record(keys, new("scope", scope), _cluster);

    public void Completed(string scope, bool completed) => _completed.Record(completed ? 1 : 0, new("scope", scope), _cluster);

    public void Identities(int count) => _identities.Record(count, _cluster);

    public void Dispose() => _meter.Dispose();
}
