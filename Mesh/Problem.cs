namespace ClusterMesh.Mesh;

/// <summary>
/// One thing that is wrong with what the user wrote: which object, which field, why, and what happens instead.
/// Problems are values, so that a rebuild reports only the new ones.
/// </summary>
/// <param name="Cluster">The cluster whose source it came from.</param>
/// <param name="Subject">"Ingress default/web", or "file a.yaml" where no object could be read.</param>
/// <param name="Field">Path of the field or the annotation's name; empty for the whole object.</param>
/// <param name="Reason">What was wrong, with the value that was seen.</param>
/// <param name="Instead">What is done instead.</param>
/// <param name="Where">File and document ("west/web.yaml document 2, line 14"), where known.</param>
public sealed record Problem(string Cluster, string Subject, string Field, string Reason, string Instead, string? Where = null)
{
    public override string ToString()
    {
        var field = Field.Length == 0 ? "" : $" {Field}:";
        var where = Where is null ? "" : $" ({Where})";
        return $"cluster {Cluster}: {Subject}{where}:{field} {Reason}; {Instead}";
    }
}
