using ClusterMesh.Agent.Options;
using ClusterMesh.Mesh.Hosting;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Mesh.Telemetry.Otel;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Agent.Hosting;

/// <summary>Logs to standard error, meters for scrapers, and both by OTLP where an endpoint is set.</summary>
internal sealed class AgentTelemetry : IDisposable
{
    /// <summary>Ours, and .NET's own.</summary>
    private static readonly string[] s_meters = ["ClusterMesh.*", .. MeterReading.Runtime];

    private static readonly TimeSpan s_flush = TimeSpan.FromSeconds(6);

    private readonly OtlpExport? _export;

    public AgentTelemetry(AgentOptions options)
    {
        var endpoint = OtlpEndpoint.Find(options.Otlp, Environment.GetEnvironmentVariable, out var problem);
        var resource = ServiceResource.Of("clustermesh-agent", BuildVersion.Text, options.Cluster);
        Logs = LoggingSetup.Create(endpoint, resource);
        _export = endpoint is null ? null : new(endpoint, resource, sample: 0, [], s_meters);
        if (problem is not null) Log.NoTelemetry(Logs.CreateLogger("ClusterMesh.Telemetry"), problem);
    }

    public ILoggerFactory Logs { get; }

    public MeterReading Meters { get; } = new(s_meters);

    public void Dispose()
    {
        Meters.Dispose();
        Task.WaitAll([Task.Run(() => _export?.Dispose()), Task.Run(Logs.Dispose)], s_flush);
    }
}
