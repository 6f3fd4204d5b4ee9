namespace ClusterMesh.Mesh.Services;

/// <summary>Active probes of a service's backends, opt-in by clustermesh.io/health-check-path on the Service.</summary>
public sealed record HealthCheckModel(string Path, TimeSpan Interval, TimeSpan Timeout, int UnhealthyAfter, int HealthyAfter);
