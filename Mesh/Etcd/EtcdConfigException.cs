namespace ClusterMesh.Mesh.Etcd;

/// <summary>An etcd client file is not usable; the message names the file, the field and what is wrong.</summary>
public sealed class EtcdConfigException(string path, string field, string reason, Exception? inner = null)
    : Exception($"{path}: {(field.Length == 0 ? "" : field + " ")}{reason}", inner)
{
    /// <summary>Empty where it is not about one field.</summary>
    public string Field { get; } = field;
}
