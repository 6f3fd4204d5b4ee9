namespace ClusterMesh.Mesh.Clusters.Reading;

/// <summary>Reads what stands under one prefix. Pure but for the strings it shares; one thread at a time.</summary>
internal interface IPartReader<TKey, TValue>
    where TValue : class
{
    /// <param name="name">The key without its prefix.</param>
    bool TryKey(string name, out TKey key);

    Reading<TValue> Read(TKey key, ReadOnlySpan<byte> value);
}
