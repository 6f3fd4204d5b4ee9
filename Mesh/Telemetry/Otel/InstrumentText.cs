using System.Globalization;
using ClusterMesh.Mesh.Telemetry.Prometheus;
using OpenTelemetry.Metrics;

namespace ClusterMesh.Mesh.Telemetry.Otel;

/// <summary>An SDK metric as a Prometheus family.</summary>
public static class InstrumentText
{
    public static void Write(MetricText text, Metric metric)
    {
        var type = metric.MetricType switch
        {
            MetricType.LongSum or MetricType.DoubleSum => "counter",
            MetricType.Histogram => "histogram",
            MetricType.ExponentialHistogram => null,
            _ => "gauge",
        };
        if (type is null) return;
        text.Family(InstrumentNames.Of(metric.Name, metric.Unit, type), type, metric.Description);
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            text.Labels.Clear();
            foreach (var (name, value) in point.Tags) text.Labels.Add(InstrumentNames.Label(name), Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
            if (type == "histogram") Histogram(text, point);
            else text.Sample(ValueOf(metric.MetricType, point));
        }
    }

    private static double ValueOf(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
        MetricType.LongGauge => point.GetGaugeLastValueLong(),
        _ => point.GetGaugeLastValueDouble(),
    };

    private static void Histogram(MetricText text, in MetricPoint point)
    {
        var counts = new List<long>();
        var bounds = new List<string>();
        foreach (var bucket in point.GetHistogramBuckets())
        {
            counts.Add(bucket.BucketCount);
            bounds.Add(double.IsPositiveInfinity(bucket.ExplicitBound) ? "+Inf" : bucket.ExplicitBound.ToString(CultureInfo.InvariantCulture));
        }

        text.Histogram(counts.ToArray(), bounds.ToArray(), point.GetHistogramSum());
    }
}
