using ClusterMesh.Mesh.Hosting;
using ClusterMesh.Ingress.Options;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Mesh.Telemetry.Otel;
using ClusterMesh.Proxy.Record.Metrics;
using ClusterMesh.Proxy.Record.Tracing;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Ingress.Hosting;

/// <summary>Logs to standard error, the runtime's meters for scrapers, and all signals by OTLP where an endpoint is set.</summary>
internal sealed class TelemetryHost : IDisposable
{
    private static readonly TimeSpan s_flush = TimeSpan.FromSeconds(6);

    private readonly OtlpExport? _export;

    private TelemetryHost(IngressOptions options, OtlpEndpoint? endpoint)
    {
        var resource = ServiceResource.Of("clustermesh-ingress", BuildVersion.Text, options.Cluster);
        Logs = LoggingSetup.Create(endpoint, resource);
        _export = endpoint is null ? null : new(endpoint, resource, options.TraceSample, [ProxySource.Name], [ProxyMeter.Name, PropagationMeter.Name, .. MeterReading.Runtime]);
    }

    public ILoggerFactory Logs { get; }

    public MeterReading Runtime { get; } = new([PropagationMeter.Name, .. MeterReading.Runtime]);

    /// <param name="environment">The standard OpenTelemetry variables; null = the process's own.</param>
    public static TelemetryHost Create(IngressOptions options, Func<string, string?>? environment = null)
    {
        var endpoint = OtlpEndpoint.Find(options.Otlp, environment ?? Environment.GetEnvironmentVariable, out var problem);
        var telemetry = new TelemetryHost(options, endpoint);
        var log = telemetry.Logs.CreateLogger("ClusterMesh.Telemetry");
        if (problem is not null) Log.NoTelemetry(log, problem);
        if (endpoint is not null) Log.Telemetry(log, endpoint.Address, endpoint.Grpc ? "grpc" : "http/protobuf");
        return telemetry;
    }

    /// <summary>Pushes what is queued, all signals at once: a collector that hangs holds up the end once, not three times.</summary>
    public void Dispose()
    {
        Runtime.Dispose();
        Task.WaitAll([Task.Run(() => _export?.Dispose()), Task.Run(Logs.Dispose)], s_flush);
    }
}
