using System.Collections.Immutable;

namespace ClusterMesh.Mesh.Etcd;

/// <summary>One key as it is or was.</summary>
/// <param name="ModRevision">The revision that wrote it.</param>
/// <param name="Lease">0 = none.</param>
public sealed record EtcdKeyValue(string Key, ReadOnlyMemory<byte> Value, long ModRevision, long CreateRevision = 0, long Lease = 0);

/// <param name="Revision">Of the whole list; a watch goes on from the one after it.</param>
public sealed record EtcdPage(long Revision, IReadOnlyList<EtcdKeyValue> Items);

/// <summary>What one message of a watch said.</summary>
/// <param name="Revision">Everything up to here has been seen.</param>
public sealed record EtcdWatchBatch(long Revision, IReadOnlyList<EtcdEvent> Events);

/// <param name="Value">Null = the key was deleted.</param>
public readonly record struct EtcdEvent(string Key, ReadOnlyMemory<byte>? Value, long Revision);

/// <summary>Conditions, and what to do where they hold and where they do not.</summary>
public sealed record EtcdTxn(ImmutableArray<EtcdCondition> If, ImmutableArray<EtcdOp> Then, ImmutableArray<EtcdOp> Else = default)
{
    /// <summary>Creates the key only where it does not exist.</summary>
    public static EtcdTxn Create(string key, ReadOnlyMemory<byte> value, long lease = 0) =>
        new([EtcdCondition.Absent(key)], [EtcdOp.Put(key, value, lease)], [EtcdOp.Get(key)]);
}

/// <summary>The key's mod revision is exactly this; 0 = the key does not exist.</summary>
public readonly record struct EtcdCondition(string Key, long ModRevision)
{
    public static EtcdCondition Absent(string key) => new(key, 0);
}

/// <summary>One operation of a transaction.</summary>
/// <param name="Value">For a put.</param>
public readonly record struct EtcdOp(EtcdOpKind Kind, string Key, ReadOnlyMemory<byte> Value = default, long Lease = 0)
{
    public static EtcdOp Put(string key, ReadOnlyMemory<byte> value, long lease = 0) => new(EtcdOpKind.Put, key, value, lease);

    public static EtcdOp Delete(string key) => new(EtcdOpKind.Delete, key);

    public static EtcdOp Get(string key) => new(EtcdOpKind.Get, key);
}

public enum EtcdOpKind { Put, Delete, Get }

/// <param name="Held">Whether the conditions held.</param>
/// <param name="Found">What the gets of the branch that ran found, in order; null = no such key.</param>
public sealed record EtcdTxnResult(bool Held, long Revision, IReadOnlyList<EtcdKeyValue?> Found);

/// <param name="HasLeader">False: the member answers, but the cluster has no quorum.</param>
public sealed record EtcdStatus(string Version, ulong ClusterId, long Revision, bool HasLeader, long DatabaseBytes);
