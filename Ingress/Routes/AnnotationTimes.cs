using ClusterMesh.Mesh;

namespace ClusterMesh.Ingress.Routes;

/// <summary>Times in annotations: whole seconds as nginx writes them ("60"), or Go's durations ("1m30s", "500ms").</summary>
internal static class AnnotationTimes
{
    // Longer than anybody waits, shorter than what a timer can hold.
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(24);

    /// <summary>Above zero.</summary>
    public static bool TryPositive(string text, out TimeSpan value)
    {
        var parsed = Duration.Parse(text);
        value = parsed is { } time ? time < s_longest ? time : s_longest : TimeSpan.Zero;
        return value > TimeSpan.Zero;
    }

    /// <summary>Zero means "no bound", here null.</summary>
    public static bool TryBound(string text, out TimeSpan? value)
    {
        value = TryPositive(text, out var time) ? time : null;
        return Duration.Parse(text) is not null;
    }
}
