namespace ClusterMesh.Mesh.Objects;

/// <summary>A typed, immutable Kubernetes object as a source handed it over.</summary>
public abstract record KubernetesObject(ObjectMeta Meta)
{
    public abstract string Kind { get; }

    public ObjectKey Key => Meta.Key;
}

/// <summary>v1 Namespace.</summary>
public sealed record NamespaceObject(ObjectMeta Meta) : KubernetesObject(Meta)
{
    public override string Kind => "Namespace";
}
