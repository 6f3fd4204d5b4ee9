using System.Net;

namespace ClusterMesh.Mesh.Wire.Flows;

/// <summary>One request that a node's proxy served, as it tells the agent. Never a query or a header: credentials are there.</summary>
public sealed record RequestFlow(RequestKind Kind)
{
    /// <summary>Longest host, path and other text of clients, in characters; a proxy cuts what is longer.</summary>
    public const int LongestText = 512;

    /// <summary>When it ended.</summary>
    public DateTimeOffset Time { get; init; }

    public TimeSpan Latency { get; init; }

    public int SourcePort { get; init; }

    public int DestinationPort { get; init; }

    /// <summary>Where the caller connected to.</summary>
    public required IPEndPoint Asked { get; init; }

    /// <summary>As it was sent.</summary>
    public string Method { get; init; } = "";

    public string Host { get; init; } = "";

    /// <summary>In its normal form, without query; empty when the request was refused before it had one.</summary>
    public string Path { get; init; } = "";

    /// <summary>"HTTP/1.1".</summary>
    public string Protocol { get; init; } = "";

    /// <summary>The service that was chosen, "ns/name:port"; empty = none was.</summary>
    public string Target { get; init; } = "";

    /// <summary>SplitReason; empty = nothing was split.</summary>
    public string Split { get; init; } = "";

    /// <summary>PoolReason; empty = no backend was picked.</summary>
    public string Pool { get; init; } = "";

    /// <summary>EndReason.</summary>
    public string End { get; init; } = "";

    /// <summary>The policy rule that let it pass or refused it; empty = none was asked.</summary>
    public string PolicyRule { get; init; } = "";

    public string TraceId { get; init; } = "";

    public int Attempts { get; init; }
}
