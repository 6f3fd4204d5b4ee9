using ClusterMesh.Mesh.Sources.Manifests;

namespace ClusterMesh.Mesh.Sources.Files;

/// <summary>Waits for file events, lets a burst of them settle, reads what changed and publishes the outcome.</summary>
internal sealed class WatchLoop(
    ManifestDirectory directory,
    WatchedDirectories watched,
    Inotify? inotify,
    ClusterAssembly assembly,
    PendingChanges pending,
    TimeProvider time,
    Action<ClusterObjects> publish)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PollIntervalWithoutRoot = TimeSpan.FromMilliseconds(50);

    // A burst has ended when nothing came for Quiet; one that does not end is cut off.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(3);
    private static readonly TimeSpan LongestBurst = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan GoneAfter = TimeSpan.FromMilliseconds(30);

    private readonly long _start = time.GetTimestamp();
    private TimeSpan _nextPoll;

    private TimeSpan Now => time.GetElapsedTime(_start);

    private int Events => inotify?.Descriptor ?? -1;

    public void Run(StopSignal stop)
    {
        while (!stop.IsRaised)
        {
            if (!pending.Any)
                stop.Wait(Events, _nextPoll - Now);
            Collect();
            Settle(stop);
            Look();
            ReadDue();
            foreach (var path in pending.TakeGone(Now - GoneAfter))
                directory.Remove(path);
            if (!stop.IsRaised && assembly.Assemble(directory.Files, directory.Problems()))
                publish(assembly.Last);
        }
    }

    private void Settle(StopSignal stop)
    {
        var began = Now;
        while (pending.Any && !stop.IsRaised)
        {
            var left = began + (pending.AnyGone ? GoneAfter : LongestBurst) - Now;
            if (left <= TimeSpan.Zero)
                return;
            stop.Wait(Events, pending.AnyGone || left < Quiet ? left : Quiet);
            if (!Collect() && !pending.AnyGone)
                return;
        }
    }

    private void Look()
    {
        var poll = Now >= _nextPoll;
        if (!poll && !pending.Rescan)
            return;
        directory.Look(pending, Now, poll);
        if (poll)
            _nextPoll = Now + (directory.RootFailure is null ? PollInterval : PollIntervalWithoutRoot);
    }

    private void ReadDue()
    {
        foreach (var path in pending.TakeDue())
        {
            var reading = directory.Read(path);
            Collect();
            // Somebody began to write it anew: its close, or the poll, brings us back.
            if (!reading.Torn && !pending.IsBeingWritten(path))
                directory.Take(path, reading, pending, Now);
        }
    }

    private bool Collect()
    {
        var events = inotify?.Drain() ?? [];
        foreach (var told in events)
            EventRules.Take(told, watched.PathOf, directory.StampOf, pending, Now);
        return events.Count > 0;
    }
}
