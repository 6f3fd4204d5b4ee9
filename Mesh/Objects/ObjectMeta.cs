namespace ClusterMesh.Mesh.Objects;

/// <summary>The parts of Kubernetes' ObjectMeta that decide anything here.</summary>
public sealed record ObjectMeta(
    ObjectKey Key,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyDictionary<string, string> Annotations,
    DateTimeOffset? CreationTimestamp = null)
{
    public static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    public ObjectMeta(ObjectKey key) : this(key, None, None) { }

    /// <summary>The annotation's value, or null when it is not set.</summary>
    public string? Annotation(string name) => Annotations.GetValueOrDefault(name);
}
