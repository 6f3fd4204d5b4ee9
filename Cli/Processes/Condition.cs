namespace ClusterMesh.Cli.Processes;

/// <summary>Waits until something holds.</summary>
internal static class Condition
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    public static Task<bool> WaitAsync(Func<bool> holds, TimeSpan within, TimeProvider time, CancellationToken cancel) =>
        WaitAsync(() => Task.FromResult(holds()), within, time, cancel);

    /// <summary>False when it did not come to hold in time.</summary>
    public static async Task<bool> WaitAsync(Func<Task<bool>> holds, TimeSpan within, TimeProvider time, CancellationToken cancel)
    {
        var start = time.GetTimestamp();
        using var timer = new PeriodicTimer(Interval, time);
        while (!await holds())
        {
            if (time.GetElapsedTime(start) >= within)
                return false;
            await timer.WaitForNextTickAsync(cancel);
        }

        return true;
    }
}
