namespace ClusterMesh.Mesh.Sources.Files;

/// <summary>Wakes a thread that waits in the kernel when a token is cancelled.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly int _descriptor = LibC.EventFd(0, LibC.CloseOnExec | LibC.OpenNonBlock);
    private readonly CancellationTokenRegistration _registration;
    private readonly CancellationToken _stop;

    public StopSignal(CancellationToken stop)
    {
        _stop = stop;
        if (_descriptor < 0)
            throw new SourceException($"eventfd: {LibC.LastError}");
        _registration = stop.Register(() => _ = LibC.Write(_descriptor, 1, sizeof(ulong)));
    }

    public bool IsRaised => _stop.IsCancellationRequested;

    /// <summary>Returns when the file has something to read, the time is over or the signal was raised. A negative file is none.</summary>
    public void Wait(int file, TimeSpan time)
    {
        LibC.PollEntry[] entries = [new() { File = _descriptor, Events = LibC.PollIn }, new() { File = file, Events = LibC.PollIn }];
        _ = LibC.Poll(entries, (nuint)entries.Length, (int)Math.Ceiling(Math.Clamp(time.TotalMilliseconds, 0, int.MaxValue)));
    }

    public void Dispose()
    {
        _registration.Dispose();
        _ = LibC.Close(_descriptor);
    }
}
