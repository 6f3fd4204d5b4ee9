using ClusterMesh.Mesh.Hosting;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Mesh.Telemetry.Otel;
using ClusterMesh.Proxy.Record.Metrics;
using ClusterMesh.Proxy.Record.Tracing;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Proxy.Hosting;

/// <summary>Logs to standard error, the runtime's meters for scrapers, and all signals by OTLP where an endpoint is set.</summary>
internal sealed partial class TelemetryHost : IDisposable
{
    private static readonly TimeSpan s_flush = TimeSpan.FromSeconds(6);

    private readonly OtlpExport? _export;

    private TelemetryHost(TelemetryOptions options, OtlpEndpoint? endpoint)
    {
        var resource = ServiceResource.Of(options.Program, BuildVersion.Text, options.Cluster);
        Logs = LoggingSetup.Create(endpoint, resource);
        _export = endpoint is null ? null : new(endpoint, resource, options.TraceSample, [ProxySource.Name], [ProxyMeter.Name, PropagationMeter.Name, .. MeterReading.Runtime]);
    }

    public ILoggerFactory Logs { get; }

    public MeterReading Runtime { get; } = new([PropagationMeter.Name, .. MeterReading.Runtime]);

    /// <param name="environment">The standard OpenTelemetry variables; null = the process's own.</param>
    public static TelemetryHost Create(TelemetryOptions options, Func<string, string?>? environment = null)
    {
        var endpoint = OtlpEndpoint.Find(options.Otlp, environment ?? Environment.GetEnvironmentVariable, out var problem);
        var telemetry = new TelemetryHost(options, endpoint);
        var log = telemetry.Logs.CreateLogger("ClusterMesh.Telemetry");
        if (problem is not null) LogProblem(log, problem);
        if (endpoint is not null) LogTarget(log, endpoint.Address, endpoint.Grpc ? "grpc" : "http/protobuf");
        return telemetry;
    }

    /// <summary>Pushes what is queued, all signals at once: a collector that hangs holds up the end once, not three times.</summary>
    public void Dispose()
    {
        Runtime.Dispose();
        Task.WaitAll([Task.Run(() => _export?.Dispose()), Task.Run(Logs.Dispose)], s_flush);
    }

    [LoggerMessage(107, LogLevel.Information, "telemetry goes to {Address} by OTLP ({Protocol})")]
    private static partial void LogTarget(ILogger log, Uri address, string protocol);

    [LoggerMessage(108, LogLevel.Warning, "{Problem}")]
    private static partial void LogProblem(ILogger log, string problem);
}

/// <param name="Program">OpenTelemetry's service.name.</param>
/// <param name="Otlp">Null = as the standard variables say.</param>
/// <param name="TraceSample">Share of new traces that are sampled.</param>
internal sealed record TelemetryOptions(string Program, string Cluster, Uri? Otlp = null, double TraceSample = 1);
