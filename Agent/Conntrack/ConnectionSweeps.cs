using ClusterMesh.Bpf.Connections;
using ClusterMesh.Bpf.Contract;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Agent.Conntrack;

/// <summary>Sweeps the kernel's connections now and then, and passes on those that ended without anybody saying so.</summary>
/// <param name="ended">Must not block.</param>
internal sealed partial class ConnectionSweeps(
    Func<ConnectionSweep> sweep, Action<IReadOnlyList<KeyValuePair<ConnectionKey, Connection>>> ended, TimeProvider time, ILogger log)
{
    private string? _trouble;

    /// <summary>Null before the first.</summary>
    public ConnectionSweep? Last { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        // What the agent before left is old.
        var pause = SweepPace.Shortest;
        while (true)
        {
            await Task.Delay(pause, time, stop);
            pause = Turn();
        }
    }

    /// <summary>Sweeps once.</summary>
    /// <returns>How long until the next one is due.</returns>
    internal TimeSpan Turn()
    {
        try
        {
            var begun = time.GetTimestamp();
            var swept = sweep();
            var took = time.GetElapsedTime(begun);
            (Last, _trouble) = (swept, null);
            ended(swept.Ended);
            return SweepPace.Next(swept.Live.Values.Sum() + swept.Deleted, (int)Limits.MaxConnections, took);
        }
        catch (Exception exception)
        {
            if (_trouble != exception.Message) LogFails(log, _trouble = exception.Message, SweepPace.Longest, exception);
            return SweepPace.Longest;
        }
    }

    [LoggerMessage(330, LogLevel.Error, "connections cannot be swept, and the kernel makes room by itself: {Reason}; tried again in {Pause}")]
    private static partial void LogFails(ILogger log, string reason, TimeSpan pause, Exception exception);
}
