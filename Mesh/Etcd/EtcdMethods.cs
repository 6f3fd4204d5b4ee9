using ClusterMesh.Mesh.Etcd.Protos;
using ClusterMesh.Mesh.Grpc;
using Google.Protobuf;

namespace ClusterMesh.Mesh.Etcd;

/// <summary>A method of etcd that is answered with one message.</summary>
/// <param name="Repeatable">Made twice it does no more than made once, so that it may be tried again when its outcome is unknown.</param>
/// <param name="Ordered">Its answer is of the newest revision, not only of what the answering member has seen.</param>
internal sealed record EtcdMethod<TRequest, TResponse>(
    GrpcMethod<TRequest, TResponse> Method, Func<TResponse, ResponseHeader> Header, bool Repeatable = false, bool Ordered = false)
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>;

/// <summary>The methods of etcd's API that we use (rpc.proto).</summary>
internal static class EtcdMethods
{
    public static readonly EtcdMethod<RangeRequest, RangeResponse> Range =
        new(new("etcdserverpb.KV", "Range", RangeRequest.Parser, RangeResponse.Parser), answer => answer.Header, Repeatable: true, Ordered: true);

    public static readonly EtcdMethod<PutRequest, PutResponse> Put =
        new(new("etcdserverpb.KV", "Put", PutRequest.Parser, PutResponse.Parser), answer => answer.Header, Ordered: true);

    public static readonly EtcdMethod<DeleteRangeRequest, DeleteRangeResponse> Delete =
        new(new("etcdserverpb.KV", "DeleteRange", DeleteRangeRequest.Parser, DeleteRangeResponse.Parser), answer => answer.Header, Ordered: true);

    public static readonly EtcdMethod<TxnRequest, TxnResponse> Txn =
        new(new("etcdserverpb.KV", "Txn", TxnRequest.Parser, TxnResponse.Parser), answer => answer.Header, Ordered: true);

    public static readonly GrpcMethod<WatchRequest, WatchResponse> Watch =
        new("etcdserverpb.Watch", "Watch", WatchRequest.Parser, WatchResponse.Parser);

    public static readonly EtcdMethod<StatusRequest, StatusResponse> Status =
        new(new("etcdserverpb.Maintenance", "Status", StatusRequest.Parser, StatusResponse.Parser), answer => answer.Header, Repeatable: true);

    // A lease that is granted twice leaves one behind that nobody keeps alive and no key is on.
    public static readonly EtcdMethod<LeaseGrantRequest, LeaseGrantResponse> LeaseGrant =
        new(new("etcdserverpb.Lease", "LeaseGrant", LeaseGrantRequest.Parser, LeaseGrantResponse.Parser), answer => answer.Header, Repeatable: true);

    public static readonly EtcdMethod<LeaseRevokeRequest, LeaseRevokeResponse> LeaseRevoke =
        new(new("etcdserverpb.Lease", "LeaseRevoke", LeaseRevokeRequest.Parser, LeaseRevokeResponse.Parser), answer => answer.Header, Repeatable: true);

    // A stream by its name; a single message each way is all we need of it.
    public static readonly EtcdMethod<LeaseKeepAliveRequest, LeaseKeepAliveResponse> LeaseKeepAlive =
        new(new("etcdserverpb.Lease", "LeaseKeepAlive", LeaseKeepAliveRequest.Parser, LeaseKeepAliveResponse.Parser), answer => answer.Header, Repeatable: true);
}
