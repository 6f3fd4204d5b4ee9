namespace ClusterMesh.Mesh.Etcd;

/// <summary>A call to etcd failed; the message names the endpoint, the call and what etcd or the connection said.</summary>
public sealed class EtcdException(EtcdError error, string message, Exception? inner = null) : Exception(message, inner)
{
    public EtcdError Error { get; } = error;
}

public enum EtcdError
{
    /// <summary>No endpoint answers, or none in time.</summary>
    Unavailable,

    /// <summary>The server's certificate is not trusted, ours is not accepted, or one of them cannot be read or is expired.</summary>
    Tls,

    /// <summary>The user may not do this.</summary>
    PermissionDenied,

    /// <summary>The revision asked for is compacted: list again.</summary>
    Compacted,

    /// <summary>Another etcd cluster answers than the one that this client has known.</summary>
    ClusterChanged,

    LeaseNotFound,

    /// <summary>The value, or the answer, is over a limit.</summary>
    TooLarge,

    /// <summary>Everything else that etcd refuses.</summary>
    Refused,
}
