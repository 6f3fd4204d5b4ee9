using System.Collections.Immutable;

namespace ClusterMesh.Mesh.Objects;

/// <summary>gateway.networking.k8s.io/v1beta1 ReferenceGrant (v1 is the same): who of another namespace may refer to what is in its own.</summary>
public sealed record ReferenceGrantObject(ObjectMeta Meta, ImmutableArray<GrantedFrom> From, ImmutableArray<GrantedTo> To) : KubernetesObject(Meta)
{
    public override string Kind => "ReferenceGrant";
}

public sealed record GrantedFrom(string Group, string Kind, string Namespace);

/// <param name="Name">Null = all of that kind.</param>
public sealed record GrantedTo(string Group, string Kind, string? Name);
