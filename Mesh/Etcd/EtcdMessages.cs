using System.Collections.Immutable;
using ClusterMesh.Mesh.Etcd.Protos;
using Google.Protobuf;

namespace ClusterMesh.Mesh.Etcd;

/// <summary>Our values as etcd's messages, and back. Values are not copied: who puts one leaves its bytes alone until the call ends.</summary>
internal static class EtcdMessages
{
    public static PutRequest Put(string key, ReadOnlyMemory<byte> value, long lease) =>
        new() { Key = EtcdRange.Key(key), Value = UnsafeByteOperations.UnsafeWrap(value), Lease = lease };

    public static DeleteRangeRequest Delete(string key, bool prefix) => prefix
        ? new() { Key = EtcdRange.Begin(key), RangeEnd = EtcdRange.End(key) }
        : new() { Key = EtcdRange.Key(key) };

    public static TxnRequest Txn(EtcdTxn txn)
    {
        var request = new TxnRequest();
        foreach (var condition in Of(txn.If))
        {
            request.Compare.Add(new Compare
            {
                Key = EtcdRange.Key(condition.Key),
                Target = Compare.Types.CompareTarget.Mod,
                Result = Compare.Types.CompareResult.Equal,
                ModRevision = condition.ModRevision,
            });
        }

        foreach (var op in Of(txn.Then)) request.Success.Add(Op(op));
        foreach (var op in Of(txn.Else)) request.Failure.Add(Op(op));
        return request;
    }

    public static EtcdTxnResult Result(TxnResponse answer, EtcdHistory history)
    {
        var found = new List<EtcdKeyValue?>();
        foreach (var response in answer.Responses)
        {
            if (response.ResponseRange is { } range)
                found.Add(range.Kvs.Count > 0 ? Item(range.Kvs[0], history) : null);
        }

        return new(answer.Succeeded, answer.Header.Revision, found);
    }

    public static EtcdKeyValue Item(KeyValue kv, EtcdHistory history)
    {
        history.Saw(kv.Key, kv.ModRevision);
        return new(kv.Key.ToStringUtf8(), kv.Value.Memory, kv.ModRevision, kv.CreateRevision, kv.Lease);
    }

    private static RequestOp Op(EtcdOp op) => op.Kind switch
    {
        EtcdOpKind.Put => new() { RequestPut = Put(op.Key, op.Value, op.Lease) },
        EtcdOpKind.Delete => new() { RequestDeleteRange = Delete(op.Key, prefix: false) },
        _ => new() { RequestRange = new() { Key = EtcdRange.Key(op.Key) } },
    };

    private static ImmutableArray<T> Of<T>(ImmutableArray<T> array) => array.IsDefault ? [] : array;
}
