using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ClusterMesh.Mesh.Telemetry.Otel;

/// <summary>Traces and metrics pushed by OTLP until disposed. A collector that is away costs what was queued for it, nothing else.</summary>
public sealed class OtlpExport : IDisposable
{
    // Longest wait at the end for what is still queued.
    private static readonly TimeSpan s_flush = TimeSpan.FromSeconds(5);

    private readonly TracerProvider _traces;
    private readonly MeterProvider _metrics;

    /// <param name="sample">Share of new traces that are sampled; a trace that began elsewhere is sampled as it was there.</param>
    public OtlpExport(OtlpEndpoint endpoint, ResourceBuilder resource, double sample, string[] sources, string[] meters)
    {
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(sources)
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(sample)))
            .AddOtlpExporter(options => endpoint.Configure(options, "traces"))
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(meters)
            .AddOtlpExporter(options => endpoint.Configure(options, "metrics"))
            .Build();
    }

    public void Dispose() => Task.WaitAll([Task.Run(_traces.Dispose), Task.Run(_metrics.Dispose)], s_flush);
}
