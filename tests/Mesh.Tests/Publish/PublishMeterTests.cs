using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ClusterMesh.Mesh.Publish;
using ClusterMesh.Tests;

namespace ClusterMesh.Mesh.Tests.Publish;

public sealed class PublishMeterTests
{
    [Fact]
    public void Instruments_HaveCiliumsNamesAndLabels()
    {
        var time = new FakeTime();
        using var meter = new PublishMeter("metered", time);
        var seen = new ConcurrentQueue<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == PublishMeter.Name) listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>(Keep);
        listener.SetMeasurementEventCallback<long>(Keep);
        listener.SetMeasurementEventCallback<int>(Keep);
        listener.Start();

        var start = meter.Now();
        time.Advance(TimeSpan.FromSeconds(2));
        meter.Done("txn", "metered", start);
        meter.Failed("services");
        meter.Queued("services", 7);
        meter.Completed("services", true);
        meter.Identities(3);

        // Other tests of this process measure, too.
        Assert.Equal(
            [
                "cilium_kvstore_operations_duration_seconds=2 action=txn scope=metered outcome=success",
                "cilium_kvstore_sync_errors_total=1 scope=services source_cluster=metered",
                "cilium_kvstore_sync_queue_size=7 scope=services source_cluster=metered",
                "cilium_kvstore_initial_sync_completed=1 scope=services source_cluster=metered",
                "cilium_identity=3 source_cluster=metered",
            ],
            seen.Where(line => line.Contains("metered", StringComparison.Ordinal)));

        void Keep<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state) =>
            seen.Enqueue($"{instrument.Name}={value} {string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}");
    }
}
