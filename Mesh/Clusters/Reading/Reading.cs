namespace ClusterMesh.Mesh.Clusters.Reading;

/// <summary>What a key's value says: a value, that there is none (a service not shared), or why it is not believed.</summary>
internal readonly record struct Reading<T>(T? Value, string? Ignored)
    where T : class
{
    public static Reading<T> Absent => default;

    public static Reading<T> Of(T value) => new(value, null);

    public static Reading<T> Ignore(string reason) => new(null, reason);
}
