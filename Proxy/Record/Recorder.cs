using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Proxy.Forward;
using ClusterMesh.Proxy.Record.Access;
using ClusterMesh.Proxy.Record.Flows;
using ClusterMesh.Proxy.Record.Metrics;
using ClusterMesh.Proxy.Record.Tracing;

namespace ClusterMesh.Proxy.Record;

/// <summary>
/// Writes down what happened to a request: metrics, access log, spans, flows. The last step of the pipeline, on the way of every
/// request: without listeners it allocates nothing.
/// </summary>
internal sealed class Recorder(TimeProvider time, AccessLog? accessLog = null, IFlowSink? flows = null)
{
    private readonly long[] _bounds = RequestSeries.BoundsIn(time);
    private long _begun;
    private long _ended;
    private long _failed;
    private long _retries;

    public long Requests => Volatile.Read(ref _ended);

    /// <summary>Requests that a backend should have answered and none did, or none whole.</summary>
    public long Failed => Volatile.Read(ref _failed);

    public long Retries => Volatile.Read(ref _retries);

    public int Active => (int)Math.Max(0, Volatile.Read(ref _begun) - Volatile.Read(ref _ended));

    public long AccessLogDropped => accessLog?.Dropped ?? 0;

    /// <summary>Of requests that no route took.</summary>
    public RouteSeries Unrouted { get; } = new();

    public TimeProvider Time => time;

    /// <summary>Null = no agent is told of requests, as at the edge.</summary>
    public IFlowSink? Flows => flows;

    public void Begin(Exchange exchange)
    {
        Interlocked.Increment(ref _begun);
        if (ServerSpan.Wanted) exchange.Span = ServerSpan.Start(exchange.Context);
    }

    /// <returns>The attempt's start, for <see cref="EndAttempt"/>; 0 where nobody asks for its duration.</returns>
    public long BeginAttempt(Exchange exchange)
    {
        if (exchange.Attempts > 1) Interlocked.Increment(ref _retries);
        if (exchange.Span is { } span) exchange.AttemptSpan = AttemptSpan.Start(exchange, span);
        return ProxyMeter.Client.Enabled ? time.GetTimestamp() : 0;
    }

    public void EndAttempt(Exchange exchange, in AttemptEnd end, long begun, long now)
    {
        exchange.Ended = now;
        exchange.UpstreamStatus = end.Status;
        exchange.Route!.State.Series.Attempt(new(exchange.Target!.Number, exchange.Backend!.ClusterNumber, end.Reason)).Increment();
        if (exchange.AttemptSpan is { } span) AttemptSpan.End(exchange, span, end);
        if (begun != 0) ProxyMeter.RecordAttempt(exchange, end, time.GetElapsedTime(begun, now));
    }

    public void End(Exchange exchange)
    {
        // What a backend answered whole has ended with its attempt; anything else was answered after it.
        var ended = exchange.End == EndReason.Ok && exchange.Ended != 0 ? exchange.Ended : time.GetTimestamp();
        var status = StatusOf(exchange);
        Interlocked.Increment(ref _ended);
        if (exchange.End.IsFailure()) Interlocked.Increment(ref _failed);
        (exchange.Route?.State.Series ?? Unrouted).Request(RequestKey.Of(exchange, status)).Add(ended - exchange.Started, _bounds);
        if (exchange.Span is { } span) ServerSpan.End(exchange, span, status);
        accessLog?.Write(exchange, status, time.GetElapsedTime(exchange.Started, ended));
        flows?.End(exchange, status, time.GetElapsedTime(exchange.Started, ended));
        if (ProxyMeter.Server.Enabled) ProxyMeter.RecordRequest(exchange, status, time.GetElapsedTime(exchange.Started, ended));
    }

    // A client that went away before the response began got none: nginx's 499 says so.
    private static int StatusOf(Exchange exchange)
    {
        var response = exchange.Context.Response;
        return exchange.End == EndReason.ClientGone && !response.HasStarted ? Edge.LocalReply.Status(EndReason.ClientGone) : response.StatusCode;
    }
}
