namespace ClusterMesh.Mesh.Telemetry;

/// <summary>Why a request went to this target of its route: the words of log, metric, span and CLI.</summary>
public enum SplitReason
{
    /// <summary>The route has one target.</summary>
    Only,

    /// <summary>A steering header.</summary>
    Header,

    /// <summary>A steering cookie.</summary>
    Cookie,

    /// <summary>The session cookie is bound to a backend of this target.</summary>
    Session,

    /// <summary>The hash of what the split is sticky by.</summary>
    Sticky,

    /// <summary>The weights.</summary>
    Weight,

    /// <summary>The target that was decided on has no healthy backend.</summary>
    Failover,
}

public static class SplitReasons
{
    private static readonly string[] s_text = ["only", "header", "cookie", "session", "sticky", "weight", "failover"];

    public static string Text(this SplitReason reason) => s_text[(int)reason];
}
