using System.Runtime.CompilerServices;
using ClusterMesh.Mesh.Etcd.Protos;
using Google.Protobuf;

namespace ClusterMesh.MeshBench.Simulated;

/// <summary>What of etcd a reader needs of a store that stands still: ranges in pages, and watches that only say how far they are.</summary>
internal sealed class SimulatedEtcd
{
    private const long Revision = 1_000_000;

    private readonly ulong _cluster;
    private readonly string[] _keys;
    private readonly KeyValue[] _items;

    public SimulatedEtcd(int cluster, IEnumerable<(string Key, byte[] Value)> keys)
    {
        _cluster = (ulong)cluster;
        var sorted = keys.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToArray();
        _keys = [.. sorted.Select(pair => pair.Key)];
        _items = [.. sorted.Select((pair, index) => new KeyValue { Key = ByteString.CopyFromUtf8(pair.Key), Value = ByteString.CopyFrom(pair.Value), ModRevision = index + 2, CreateRevision = index + 2, Version = 1 })];
    }

    public RangeResponse Range(RangeRequest request)
    {
        var from = IndexOf(request.Key.ToStringUtf8());
        var to = request.RangeEnd.IsEmpty ? from + (from < _keys.Length && _keys[from] == request.Key.ToStringUtf8() ? 1 : 0) : IndexOf(request.RangeEnd.ToStringUtf8());
        var count = request.Limit > 0 ? Math.Min(to - from, (int)request.Limit) : to - from;
        return new() { Header = Header(), Kvs = { _items.AsSpan(from, Math.Max(0, count)).ToArray() }, Count = Math.Max(0, to - from), More = count < to - from };
    }

    public StatusResponse Status() => new() { Header = Header(), Version = "3.4.23", Leader = 1 };

    public async IAsyncEnumerable<WatchResponse> WatchAsync(IAsyncEnumerable<WatchRequest> requests, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var request in requests.WithCancellation(stop))
        {
            if (request.CreateRequest is { } create) yield return new() { Header = Header(), WatchId = create.WatchId, Created = true };
            if (request.ProgressRequest is not null) yield return new() { Header = Header(), WatchId = -1 };
            if (request.CancelRequest is { } cancel) yield return new() { Header = Header(), WatchId = cancel.WatchId, Canceled = true };
        }
    }

    private ResponseHeader Header() => new() { ClusterId = _cluster, MemberId = 1, Revision = Revision, RaftTerm = 1 };

    private int IndexOf(string key)
    {
        var index = Array.BinarySearch(_keys, key, StringComparer.Ordinal);
        return index < 0 ? ~index : index;
    }
}
