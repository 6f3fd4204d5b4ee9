using Google.Protobuf;

namespace ClusterMesh.Mesh.Etcd;

/// <summary>
/// etcd's own limits, checked before anything is sent: a request that is over them may be answered by a reset stream, which
/// looks like a broken connection (platform.md B).
/// </summary>
internal static class EtcdLimits
{
    /// <summary>--max-request-bytes of a server that was not told otherwise, less what etcd adds to it.</summary>
    public const int Request = (1536 * 1024) - 512;

    /// <summary>--max-txn-ops.</summary>
    public const int TxnOps = 128;

    /// <summary>Between two attempts at a call, over all endpoints.</summary>
    public static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(50), LongestBackoff = TimeSpan.FromSeconds(1);

    public static void Check(IMessage request, string call)
    {
        var size = request.CalculateSize();
        if (size > Request)
            throw new EtcdException(EtcdError.TooLarge, $"etcd: {call}: {size} bytes are more than the {Request} that etcd takes");
    }

    public static void Check(EtcdTxn txn)
    {
        foreach (var count in (int[])[Count(txn.If), Count(txn.Then), Count(txn.Else)])
        {
            if (count > TxnOps)
                throw new EtcdException(EtcdError.TooLarge, $"etcd: txn: {count} operations are more than the {TxnOps} that etcd takes");
        }
    }

    private static int Count<T>(System.Collections.Immutable.ImmutableArray<T> operations) => operations.IsDefault ? 0 : operations.Length;
}
