using ClusterMesh.Mesh.Telemetry.Prometheus;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace ClusterMesh.Mesh.Telemetry.Otel;

/// <summary>Meters for a scraper, as Prometheus text: collected by the SDK when asked, not before.</summary>
public sealed class MeterReading : IDisposable
{
    /// <summary>The built-in meters of .NET and Kestrel. Those of Hosting and System.Net.Http cost something on every request and say nothing that our own series do not.</summary>
    public static readonly string[] Runtime = ["System.Runtime", "Microsoft.AspNetCore.Server.Kestrel"];

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly PullExporter _exporter = new();
    private readonly MeterProvider _provider;

    /// <param name="meters">Names; "*" stands for any end.</param>
    public MeterReading(params string[] meters)
    {
        var reader = new BaseExportingMetricReader(_exporter) { TemporalityPreference = MetricReaderTemporalityPreference.Cumulative };
        _provider = Sdk.CreateMeterProviderBuilder().AddMeter(meters).AddReader(reader).Build();
    }

    public void Write(MetricText text)
    {
        lock (_lock)
        {
            _exporter.To = text;
            _exporter.Collect?.Invoke((int)s_patience.TotalMilliseconds);
            _exporter.To = null;
        }
    }

    public void Dispose() => _provider.Dispose();

    [ExportModes(ExportModes.Pull)]
    private sealed class PullExporter : BaseExporter<Metric>, IPullMetricExporter
    {
        public Func<int, bool>? Collect { get; set; }

        public MetricText? To { get; set; }

        public override ExportResult Export(in Batch<Metric> batch)
        {
            if (To is not { } text) return ExportResult.Success;
            foreach (var metric in batch) InstrumentText.Write(text, metric);
            return ExportResult.Success;
        }
    }
}
