using System.Collections.Immutable;
using System.Globalization;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Mesh.Services;

/// <summary>Reads the probe annotations of a Service; a bad number is reported and its default used, a bad path means no probes.</summary>
public static class HealthCheckAnnotations
{
    private const string Path = "health-check-path", Interval = "health-check-interval", Timeout = "health-check-timeout",
        Unhealthy = "health-check-unhealthy-threshold", Healthy = "health-check-healthy-threshold";

    public static readonly ImmutableArray<string> Names = [Path, Interval, Timeout, Unhealthy, Healthy];

    public static HealthCheckModel? Read(ServiceObject service, Action<string, string, string> problem)
    {
        if (service.Meta.Annotation(ServiceAnnotations.Prefix + Path) is not { } path) return null;
        if (RequestPath.Normalize(path.Split('?')[0]) is null)
        {
            problem(ServiceAnnotations.Prefix + Path, $"\"{path}\" is not a path that begins with '/'", "backends are not probed");
            return null;
        }

        return new(path, Seconds(Interval, 5), Seconds(Timeout, 1), Count(Unhealthy, 2), Count(Healthy, 1));

        TimeSpan Seconds(string name, double otherwise)
        {
            var value = service.Meta.Annotation(ServiceAnnotations.Prefix + name);
            if (value is null) return TimeSpan.FromSeconds(otherwise);
            if (Duration.Parse(value) is { } time && time >= TimeSpan.FromMilliseconds(100) && time <= TimeSpan.FromHours(1)) return time;
            problem(ServiceAnnotations.Prefix + name, $"\"{value}\" is not a time between 100ms and 1h", $"{otherwise} s is used");
            return TimeSpan.FromSeconds(otherwise);
        }

        int Count(string name, int otherwise)
        {
            var value = service.Meta.Annotation(ServiceAnnotations.Prefix + name);
            if (value is null) return otherwise;
            if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= 100) return count;
            problem(ServiceAnnotations.Prefix + name, $"\"{value}\" is not a number from 1 to 100", $"{otherwise} is used");
            return otherwise;
        }
    }
}
