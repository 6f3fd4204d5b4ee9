namespace ClusterMesh.Tests;

/// <summary>Waits for a condition; a test never sleeps for a fixed time.</summary>
internal static class Eventually
{
    public static Task TrueAsync(Func<bool> condition, string what, double seconds = 15) =>
        TrueAsync(() => Task.FromResult(condition()), what, seconds);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what, double seconds = 15)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await condition())
        {
            try
            {
                await timer.WaitForNextTickAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Within {seconds} s: {what}");
            }
        }
    }
}
