using System.Collections.Immutable;
using System.Diagnostics;
using ClusterMesh.Mesh.Policy.Http;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Proxy.Authorize;
using ClusterMesh.Proxy.Health;
using ClusterMesh.Proxy.Pick;
using ClusterMesh.Proxy.Retry;
using ClusterMesh.Proxy.Routing;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy;

/// <summary>One request on its way through the pipeline: what was decided so far and how it went. Owned by one request.</summary>
internal sealed class Exchange(HttpContext context, long started)
{
    public HttpContext Context { get; } = context;

    /// <summary>TimeProvider timestamp.</summary>
    public long Started { get; } = started;

    /// <summary>The path in its normal form: matched and forwarded.</summary>
    public string Path { get; set; } = "/";

    /// <summary>With its '?', or empty.</summary>
    public string Query { get; set; } = "";

    public RequestFacts Facts { get; set; }

    public string RequestId { get; set; } = "";

    /// <summary>The peer is a trusted proxy: its forwarded headers are appended to, not replaced.</summary>
    public bool TrustedPeer { get; set; }

    /// <summary>Null at the edge: nobody vouches for who asks.</summary>
    public Caller? Caller { get; set; }

    /// <summary>The policy rule that let it pass or refused it, as people name it; null = no rule was asked.</summary>
    public string? PolicyRule { get; set; }

    /// <summary>What policies ask to be done to the request's headers.</summary>
    public ImmutableArray<HeaderEdit> HeaderEdits { get; set; } = [];

    public Route? Route { get; set; }

    public int TargetIndex { get; set; }

    /// <summary>Null also where the route answers by itself.</summary>
    public Target? Target => Route is { Targets.Length: > 0 } route ? route.Targets[TargetIndex] : null;

    public SplitReason Split { get; set; }

    public PoolReason Reason { get; set; }

    public BackendHealth? Backend { get; set; }

    /// <summary>Set-Cookie that binds the session, for the response.</summary>
    public string? SessionCookie { get; set; }

    /// <summary>Null where there is no body, or none that could be sent twice.</summary>
    public ReplayableBody? Body { get; set; }

    /// <summary>Mirrors that get a copy once the body has passed through; null = none.</summary>
    public List<Mirror>? Mirrors { get; set; }

    public int Attempts { get; set; }

    /// <summary>TimeProvider timestamp of the attempt under way, where its time is bounded.</summary>
    public long AttemptStarted { get; set; }

    /// <summary>Backends that were tried, last one last; null until the second try.</summary>
    public List<BackendHealth>? Tried { get; set; }

    /// <summary>The request has a body, or may have one.</summary>
    public bool HasBody { get; set; }

    /// <summary>The session that the request's cookie is bound to.</summary>
    public Bound? Bound { get; set; }

    /// <summary>Another attempt could follow the one under way.</summary>
    public bool MayRetry { get; set; }

    /// <summary>Somebody healthy was not asked yet: a listed status may be tried there.</summary>
    public bool MayWithhold { get; set; }

    /// <summary>The budget for the next attempt is taken already.</summary>
    public bool RetryGranted { get; set; }

    public EndReason End { get; set; } = EndReason.Ok;

    /// <summary>All tries, or the budget, were used up.</summary>
    public bool RetriesSpent { get; set; }

    /// <summary>When the last attempt ended; 0 = none did.</summary>
    public long Ended { get; set; }

    /// <summary>The status that the last attempt's backend gave; 0 = none.</summary>
    public int UpstreamStatus { get; set; }

    /// <summary>The gate let it pass: path, facts and request id are set.</summary>
    public bool Described => RequestId.Length > 0;

    /// <summary>A target was decided on, whether or not it had a backend.</summary>
    public bool Decided => Attempts > 0 || End is EndReason.NoBackend or EndReason.PolicyDenied || (End == EndReason.BrokenRoute && Route!.Model.Filters.Broken is null);

    /// <summary>The server span, null when nobody listens.</summary>
    public Activity? Span { get; set; }

    /// <summary>The client span of the attempt under way; the server span where the trace is not sampled, so that the backend learns that.</summary>
    public Activity? AttemptSpan { get; set; }
}
