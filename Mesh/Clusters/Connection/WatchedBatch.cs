using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Mesh.Clusters.Connection;

/// <summary>Messages of a watch that are read together: of each key, only what happened to it last counts.</summary>
internal sealed class WatchedBatch
{
    /// <summary>Null = the key is gone.</summary>
    public Dictionary<string, ReadOnlyMemory<byte>?> Last { get; } = new(StringComparer.Ordinal);

    /// <summary>Timestamp of the first of them.</summary>
    public long Received { get; private set; }

    public bool HasDeletes => Last.Values.Any(value => value is null);

    /// <summary>One of them only said how far the watch is.</summary>
    public bool HasProgress { get; private set; }

    public void Add(Received received)
    {
        if (received.Batch.Events.Count == 0) HasProgress = true;
        else if (Last.Count == 0) Received = received.At;
        foreach (var happened in received.Batch.Events) Last[happened.Key] = happened.Value;
    }

    public void Clear()
    {
        Last.Clear();
        HasProgress = false;
    }
}

internal readonly record struct Received(EtcdWatchBatch Batch, long At);
