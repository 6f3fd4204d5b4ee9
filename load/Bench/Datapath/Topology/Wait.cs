namespace ClusterMesh.DatapathBench.Topology;

internal static class Wait
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    /// <exception cref="InvalidOperationException">It does not come.</exception>
    public static void Until(string what, Func<bool> holds, Func<string> said)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var begun = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            if (TimeProvider.System.GetElapsedTime(begun) > s_patience) throw new InvalidOperationException($"not within {s_patience.TotalSeconds} s: {what}: {said()}");
            timer.WaitForNextTickAsync().AsTask().Wait();
        }
    }

    /// <summary>Resident, once it has stopped growing, in MiB.</summary>
    public static double ForSteady(Func<double> memory, Func<bool> ready, Func<string> said)
    {
        var (last, same, looks) = (0.0, 0, 0);
        Until("memory is steady", () =>
        {
            // Each second or so.
            if (looks++ % 5 != 0 || !ready()) return false;
            var now = memory();
            (last, same) = (now, Math.Abs(now - last) < 0.02 * now ? same + 1 : 0);
            return same >= 4;
        }, said);
        return last;
    }
}
