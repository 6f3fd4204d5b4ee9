namespace ClusterMesh.Load.Generator;

/// <summary>Why a request counts as failed.</summary>
internal enum FailureKind
{
    /// <summary>An answer whose status is not 2xx or 3xx.</summary>
    Status,

    /// <summary>No connection could be made.</summary>
    Refused,

    /// <summary>The connection ended before the first byte of an answer, on a fresh connection or twice in a row.</summary>
    Reset,

    /// <summary>The connection ended in the middle of an answer.</summary>
    Truncated,

    /// <summary>No whole answer in time, counted from the intended send time.</summary>
    Timeout,

    /// <summary>Not HTTP/1.1, or bytes that belong to no request.</summary>
    Malformed,

    /// <summary>Every target says it is not ready.</summary>
    NoTarget,
}
