using ClusterMesh.Proxy.Forward;

namespace ClusterMesh.Proxy.Record;

/// <summary>Writes down what happened to a request: metrics, access log, spans. The last step of the pipeline.</summary>
internal sealed class Recorder(TimeProvider time)
{
    private long _requests;
    private long _failed;
    private int _active;

    public long Requests => Volatile.Read(ref _requests);

    /// <summary>Requests that a backend should have answered and none did, or none whole.</summary>
    public long Failed => Volatile.Read(ref _failed);

    public int Active => Volatile.Read(ref _active);

    public void Begin(Exchange exchange) => Interlocked.Increment(ref _active);

    /// <returns>The attempt's start, for <see cref="EndAttempt"/>.</returns>
    public long BeginAttempt(Exchange exchange) => time.GetTimestamp();

    public void EndAttempt(Exchange exchange, in AttemptEnd end, long begun, long now)
    {
    }

    public void End(Exchange exchange)
    {
        Interlocked.Decrement(ref _active);
        Interlocked.Increment(ref _requests);
        if (exchange.End is not (Mesh.Telemetry.EndReason.Ok or Mesh.Telemetry.EndReason.Redirect)) Interlocked.Increment(ref _failed);
    }
}
