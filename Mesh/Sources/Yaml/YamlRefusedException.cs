namespace ClusterMesh.Mesh.Sources.Yaml;

/// <summary>A document that is not YAML, or more than we take; the line counts from the document's begin.</summary>
internal sealed class YamlRefusedException(int line, string reason) : Exception(reason)
{
    public int Line { get; } = line;
}
