using System.Text;

namespace ClusterMesh.Mesh.Objects;

/// <summary>v1 Secret. Its values are never printed.</summary>
public sealed record SecretObject(ObjectMeta Meta, string Type, IReadOnlyDictionary<string, byte[]> Values) : KubernetesObject(Meta)
{
    public const string TlsType = "kubernetes.io/tls";

    public override string Kind => "Secret";

    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Key = ").Append(Key).Append(", Type = ").Append(Type).Append(", Values = ***");
        return true;
    }
}
