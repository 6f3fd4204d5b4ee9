namespace ClusterMesh.Mesh.Publish.Sync;

/// <summary>
/// A token bucket for transactions, shared by all that one agent writes: fast until its first sync is complete, then steady.
/// A second's worth of tokens may be saved up. Thread-safe.
/// </summary>
internal sealed class WriteRate
{
    private readonly double _bootstrap, _steady;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private double _perSecond, _tokens;
    private long _at;

    public WriteRate(double bootstrap, double steady, TimeProvider time)
    {
        (_bootstrap, _steady, _time, _perSecond, _at) = (bootstrap, steady, time, bootstrap, time.GetTimestamp());
        _tokens = Burst;
    }

    public void Bootstrap() => Change(_bootstrap);

    public void Settle() => Change(_steady);

    public async Task WaitAsync(CancellationToken cancel)
    {
        var wait = Take();
        if (wait > TimeSpan.Zero) await Task.Delay(wait, _time, cancel);
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
        var now = _time.GetTimestamp();
        _tokens = Math.Min(Burst, _tokens + (_time.GetElapsedTime(_at, now).TotalSeconds * _perSecond));
        _at = now;
    }

    private double Burst => Math.Max(1, _perSecond);
}
