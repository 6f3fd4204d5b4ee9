using ClusterMesh.Mesh.Grpc;

namespace ClusterMesh.Mesh.Etcd;

/// <summary>
/// What etcd's statuses mean to us. Their texts are etcd's own constants (api/v3rpc/rpctypes/error.go); a text that is not
/// listed is judged by its status alone.
/// </summary>
internal static class EtcdErrors
{
    public static EtcdException Of(GrpcException e, string endpoint, string call) =>
        new(Kind(e), $"etcd {endpoint}: {call}: {(e.Detail.Length == 0 ? e.Status : e.Detail)}", e);

    public static EtcdError Kind(GrpcException e) => e switch
    {
        { Break: GrpcBreak.Tls } => EtcdError.Tls,
        { Break: GrpcBreak.TooLarge } => EtcdError.TooLarge,
        { Break: not GrpcBreak.None } => EtcdError.Unavailable,
        _ => Said(e.Detail) ?? ByStatus(e.Status),
    };

    /// <summary>Whether etcd has surely not done what it was asked.</summary>
    public static bool IsUndone(GrpcException e) => e.Break is GrpcBreak.NotSent or GrpcBreak.Tls || e.Detail.Contains("revision in header is old", StringComparison.Ordinal);

    /// <summary>Of a watch that etcd cancelled with only a text.</summary>
    public static EtcdError OfCancel(string reason) => Said(reason) ?? EtcdError.Unavailable;

    private static EtcdError? Said(string text)
    {
        if (Has("has been compacted"))
            return EtcdError.Compacted;
        if (Has("requested lease not found"))
            return EtcdError.LeaseNotFound;
        if (Has("request is too large") || Has("message larger than max"))
            return EtcdError.TooLarge;
        // Of a client certificate without a name, where users are asked for.
        if (Has("permission denied") || Has("PermissionDenied") || Has("user name is empty"))
            return EtcdError.PermissionDenied;
        // Roles changed while the request was under way, or etcd itself had to give up; some of these come as UNKNOWN.
        if (Has("revision in header is old") || Has("too many requests") || Has("context deadline exceeded") || Has("context canceled"))
            return EtcdError.Unavailable;
        return null;

        bool Has(string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
    }

    private static EtcdError ByStatus(GrpcStatus status) => status switch
    {
        GrpcStatus.Unavailable or GrpcStatus.DeadlineExceeded or GrpcStatus.Cancelled or GrpcStatus.Internal => EtcdError.Unavailable,
        GrpcStatus.PermissionDenied or GrpcStatus.Unauthenticated => EtcdError.PermissionDenied,
        _ => EtcdError.Refused,
    };
}
