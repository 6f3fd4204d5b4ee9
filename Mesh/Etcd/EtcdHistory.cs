using ClusterMesh.Mesh.Etcd.Protos;
using ClusterMesh.Mesh.Grpc;
using Google.Protobuf;

namespace ClusterMesh.Mesh.Etcd;

/// <summary>
/// What has to stay true of one etcd cluster for revisions to mean anything: its cluster id, that revisions only grow, and that
/// the newest key we have seen is still what was written at its revision. The id alone is not enough: it is computed from names
/// and addresses, so that an etcd that lost its data has the same one (etcd 3.4 server/etcdserver/membership).
/// </summary>
internal sealed class EtcdHistory
{
    private ulong _clusterId;
    private long _revision;
    private Witness? _witness;
    private volatile EtcdException? _broken;

    public ulong ClusterId => Volatile.Read(ref _clusterId);

    /// <summary>The newest revision that an ordered answer has shown.</summary>
    public long Revision => Volatile.Read(ref _revision);

    public void ThrowIfBroken()
    {
        if (_broken is { } broken)
            throw new EtcdException(broken.Error, broken.Message, broken);
    }

    /// <param name="atLeast">The revision that the answer must have, if it is ordered; else 0.</param>
    public void Check(ResponseHeader? header, long atLeast, string endpoint)
    {
        if (header is null)
            return;
        var known = Interlocked.CompareExchange(ref _clusterId, header.ClusterId, 0);
        if (known != 0 && known != header.ClusterId)
            throw Broken($"etcd {endpoint} is of cluster {header.ClusterId:x}, no longer of {known:x}");
        if (header.Revision < atLeast)
            throw Broken($"etcd {endpoint} is at revision {header.Revision}, but was at {atLeast} before: its data was lost or is an old copy");
        if (atLeast > 0)
            Advance(header.Revision);
    }

    public void Advance(long revision)
    {
        var known = Revision;
        while (revision > known && Interlocked.CompareExchange(ref _revision, revision, known) is var seen && seen != known) known = seen;
    }

    /// <summary>Remembers the newest key.</summary>
    public void Saw(ByteString key, long modRevision)
    {
        if (modRevision > (_witness?.ModRevision ?? 0))
            _witness = new(key, modRevision);
    }

    /// <summary>Asks for the newest known key as of its revision; any key will do while none is known.</summary>
    /// <param name="prefix">Where we may read.</param>
    public async Task VerifyAsync(GrpcChannel channel, string prefix, TimeSpan timeout, CancellationToken cancel)
    {
        var (witness, revision) = (_witness, Revision);
        var endpoint = EtcdEndpoints.NameOf(channel.Address);
        var request = new RangeRequest { Key = witness?.Key ?? EtcdRange.Begin(prefix), Revision = witness?.ModRevision ?? 0, KeysOnly = true };
        try
        {
            var answer = await channel.UnaryAsync(EtcdMethods.Range.Method, request, timeout, cancel: cancel);
            Check(answer.Header, Math.Max(1, revision), endpoint);
            if (witness is not null && (answer.Kvs.Count == 0 || answer.Kvs[0].ModRevision != witness.ModRevision))
                throw Broken($"etcd {endpoint} no longer knows what was written at revision {witness.ModRevision}: its data was lost or is an old copy");
        }
        catch (GrpcException e) when (e.Status == GrpcStatus.OutOfRange && EtcdErrors.Kind(e) != EtcdError.Compacted)
        {
            throw Broken($"etcd {endpoint} has not reached revision {witness?.ModRevision}, which it had before: its data was lost or is an old copy");
        }
        catch (GrpcException e) when (EtcdErrors.Kind(e) is EtcdError.Compacted or EtcdError.PermissionDenied)
        {
            // Compacted or taken away from us since. Whether a watch can go on from there is for etcd to say.
        }
    }

    private EtcdException Broken(string message) => _broken ??= new(EtcdError.ClusterChanged, $"{message}; its keys must be listed again with a new client");

    private sealed record Witness(ByteString Key, long ModRevision);
}
