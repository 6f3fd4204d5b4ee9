namespace ClusterMesh.Load.Processes;

/// <summary>Waits for a condition, for a bounded time.</summary>
internal static class Until
{
    /// <summary>How long it took, or null when the time ran out first.</summary>
    public static async Task<TimeSpan?> TrueAsync(Func<Task<bool>> condition, TimeSpan within, TimeSpan every, CancellationToken stop)
    {
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        while (!await condition())
        {
            if (time.GetElapsedTime(start) > within)
                return null;
            await Task.Delay(every, time, stop);
        }

        return time.GetElapsedTime(start);
    }

    public static async Task RequiredAsync(string what, Func<Task<bool>> condition, TimeSpan within, CancellationToken stop)
    {
        if (await TrueAsync(condition, within, TimeSpan.FromMilliseconds(20), stop) is null)
            throw new TimeoutException($"within {within.TotalSeconds} s: {what}");
    }
}
