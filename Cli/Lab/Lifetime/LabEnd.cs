using ClusterMesh.Cli.Processes;

namespace ClusterMesh.Cli.Lab.Lifetime;

/// <summary>Ends a lab, or removes what one left behind.</summary>
internal static class LabEnd
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <returns>Whether there was one.</returns>
    /// <exception cref="LabException">It belongs to a process that does other things as well.</exception>
    public static async Task<bool> DownAsync(LabPaths paths, TimeProvider time, CancellationToken cancel)
    {
        var there = Directory.Exists(paths.Directory);
        if (LabState.ReadIfThere(paths) is { Holder: { IsAlive: true } holder } state)
        {
            if (!state.Supervised) throw new LabException($"lab {paths.Name} belongs to process {holder.Pid}, which is not a supervisor: end that");
            await SignalAsync(holder, "TERM");
            if (!await Condition.WaitAsync(() => !holder.IsAlive, s_patience, time, cancel)) await SignalAsync(holder, "KILL");
        }

        // A watcher removes what is there when it begins, and there is nothing when it ends.
        await (await Watcher.StartAsync(paths, cancel)).DisposeAsync();
        return there;
    }

    // Its number is surely still its own: it was alive just now, with its start time.
    private static Task SignalAsync(ProcessId process, string signal) => Network.Tool.RunAsync("kill", [$"-{signal}", $"{process.Pid}"]);
}
