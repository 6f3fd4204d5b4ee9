namespace ClusterMesh.Mesh.Publish.Sync;

/// <summary>
/// A token bucket for transactions, shared by all that one agent writes: fast until its first sync is complete, then steady.
/// A second's worth of tokens may be saved up. Thread-safe.
/// </summary>
internal sealed class WriteRate(double bootstrap, double steady, TimeProvider time)
{
    private readonly Lock _lock = new();
    private double _perSecond = bootstrap, _tokens = bootstrap;
    private long _at = time.GetTimestamp();

    public void Bootstrap() => Change(bootstrap);

    public void Settle() => Change(steady);

    public async Task WaitAsync(CancellationToken cancel)
    {
        var wait = Take();
        if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancel);
    }

    /// <summary>Takes a token, one to come if none is there: how long until it comes.</summary>
    public TimeSpan Take()
    {
        lock (_lock)
        {
            Refill();
            _tokens -= 1;
            return _tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_tokens / _perSecond);
        }
    }

    private void Change(double perSecond)
    {
        lock (_lock)
        {
            Refill();
            _perSecond = perSecond;
            _tokens = Math.Min(_tokens, Burst);
        }
    }

    private void Refill()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(Burst, _tokens + (time.GetElapsedTime(_at, now).TotalSeconds * _perSecond));
        _at = now;
    }

    private double Burst => Math.Max(1, _perSecond);
}
