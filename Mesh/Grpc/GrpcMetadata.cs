using System.Collections.Immutable;

namespace ClusterMesh.Mesh.Grpc;

/// <summary>Headers of a call that are the caller's own; names in small letters, values in printable ASCII.</summary>
public sealed record GrpcMetadata(ImmutableArray<KeyValuePair<string, string>> Headers)
{
    public static GrpcMetadata Of(string name, string value) => new([new(name, value)]);
}
