using System.Collections.Immutable;

namespace ClusterMesh.Mesh.Clusters.State;

/// <summary>What is known of one part of a remote: the values, and a hash of each key's bytes. Changed only by <see cref="PartChange{TKey,TValue}"/>.</summary>
internal sealed class PartState<TKey, TValue>(RemotePart part, IEqualityComparer<TKey> keys)
    where TKey : notnull
    where TValue : class
{
    public RemotePart Part => part;

    public ImmutableDictionary<TKey, TValue> Values { get; private set; } = ImmutableDictionary.Create<TKey, TValue>(keys);

    /// <summary>Of every key that was believed; also of those that say that there is nothing.</summary>
    public Dictionary<TKey, ulong> Hashes { get; private set; } = new(keys);

    /// <summary>The cluster id under which all this was read; 0 = nothing was yet.</summary>
    public int ClusterId { get; private set; }

    public void Set(ImmutableDictionary<TKey, TValue> values, Dictionary<TKey, ulong> hashes, int clusterId) => (Values, Hashes, ClusterId) = (values, hashes, clusterId);

    public void Clear() => Set(Values.Clear(), new(Values.KeyComparer), 0);
}
