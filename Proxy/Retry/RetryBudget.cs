namespace ClusterMesh.Proxy.Retry;

/// <summary>
/// Retries may be at most 20 % of the requests of the last 10 to 20 seconds plus 10 a second (peers.md 2.3), so that a failing
/// service is not drowned by its own retries.
/// </summary>
internal sealed class RetryBudget(TimeProvider time)
{
    private const double Share = 0.2;
    private const int PerSecond = 10;
    private const int Seconds = 10;

    private readonly long _window = time.TimestampFrequency * Seconds;
    private long _rotated = time.GetTimestamp();
    private int _requests;
    private int _retries;
    private int _requestsBefore;
    private int _retriesBefore;

    public void CountRequest(long now)
    {
        Rotate(now);
        Interlocked.Increment(ref _requests);
    }

    /// <summary>Takes one retry out of the budget; false when it is spent.</summary>
    public bool TryTake(long now)
    {
        Rotate(now);
        var allowed = (Share * (_requests + _requestsBefore)) + (PerSecond * Seconds);
        if (Volatile.Read(ref _retries) + _retriesBefore >= allowed) return false;
        Interlocked.Increment(ref _retries);
        return true;
    }

    private void Rotate(long now)
    {
        var rotated = Volatile.Read(ref _rotated);
        if (now - rotated < _window || Interlocked.CompareExchange(ref _rotated, now, rotated) != rotated) return;
        var stale = now - rotated > 2 * _window;
        _requestsBefore = stale ? 0 : _requests;
        _retriesBefore = stale ? 0 : _retries;
        Volatile.Write(ref _requests, 0);
        Volatile.Write(ref _retries, 0);
    }
}
