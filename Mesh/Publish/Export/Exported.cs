using System.Collections.Immutable;

namespace ClusterMesh.Mesh.Publish.Export;

/// <summary>
/// What should stand in etcd under one prefix. A null value means: leave what stands there, as there is nothing better to write
/// and its removal would be wrong. Values of what did not change are the same memory as before.
/// </summary>
internal sealed record Exported(IReadOnlyDictionary<string, ReadOnlyMemory<byte>?> Keys, ImmutableArray<Problem> Problems)
{
    public static readonly Exported Nothing = new(new Dictionary<string, ReadOnlyMemory<byte>?>(), []);
}
