namespace ClusterMesh.Proxy.Admin;

/// <summary>starting, ready, draining: what /readyz says and whether connections are asked to go.</summary>
internal sealed class Lifecycle(TimeProvider time)
{
    private volatile string _state = "starting";

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    public string State => _state;

    public bool IsReady => _state == "ready";

    public bool IsDraining => _state == "draining";

    public void Ready() => _state = "ready";

    public void Drain() => _state = "draining";
}
