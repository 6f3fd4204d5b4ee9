using System.Globalization;
using OpenTelemetry.Resources;

namespace ClusterMesh.Mesh.Telemetry.Otel;

/// <summary>Who the telemetry is of. OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come last, so that they win.</summary>
public static class ServiceResource
{
    public static ResourceBuilder Of(string service, string version, string cluster) => ResourceBuilder.CreateEmpty()
        .AddTelemetrySdk()
        .AddService(service, serviceVersion: version, autoGenerateServiceInstanceId: false, serviceInstanceId: Instance)
        .AddAttributes([new("k8s.cluster.name", cluster)])
        .AddEnvironmentVariableDetector();

    // The pod's name in Kubernetes; several of them on one machine differ by process.
    private static string Instance => string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}");
}
