using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Ingress.Routes;

/// <summary>Times in annotations: whole seconds as nginx writes them ("60"), or Go's durations ("1m30s", "500ms").</summary>
internal static class AnnotationTimes
{
    /// <summary>Above zero.</summary>
    public static bool TryPositive(string text, out TimeSpan value)
    {
        var parsed = Duration.Parse(text);
        value = parsed is { } time ? time < RoutePolicy.Longest ? time : RoutePolicy.Longest : TimeSpan.Zero;
        return value > TimeSpan.Zero;
    }

    /// <summary>Zero means "no bound", here null.</summary>
    public static bool TryBound(string text, out TimeSpan? value)
    {
        value = TryPositive(text, out var time) ? time : null;
        return Duration.Parse(text) is not null;
    }
}
