namespace ClusterMesh.Mesh.Clusters.Connection;

/// <summary>Bytes of keys and values that came of one remote: from its own etcd, and from the mirror in ours. Thread-safe.</summary>
internal sealed class BytesRead
{
    private long _direct, _cached;

    public long Direct => Interlocked.Read(ref _direct);

    public long Cached => Interlocked.Read(ref _cached);

    public void Add(int bytes, bool cached)
    {
        if (cached) Interlocked.Add(ref _cached, bytes);
        else Interlocked.Add(ref _direct, bytes);
    }
}
