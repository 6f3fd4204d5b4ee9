using ClusterMesh.Mesh.Sources.Files;

namespace ClusterMesh.Mesh.Clusters.Files;

/// <summary>
/// The directory with one client file per remote (cilium.md 1.3), watched. A file counts when its writer has closed it, and as
/// gone when it has been away for a moment: editors move the old one aside before they write the new one.
/// </summary>
internal sealed class RemoteDirectory : IDisposable
{
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(1), s_quiet = TimeSpan.FromMilliseconds(5), s_goneAfter = TimeSpan.FromMilliseconds(300);

    private readonly string _own;
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly Inotify? _inotify = Inotify.Open(out _);
    private readonly SortedDictionary<string, RemoteFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _goneSince = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _writing = new(StringComparer.Ordinal);
    private RemoteFiles _told = RemoteFiles.Empty;

    public RemoteDirectory(string own, string path, TimeProvider time) => (_own, _path, _time) = (own, Path.GetFullPath(path), time);

    /// <summary>Tells what is there, and then every change, on a thread of its own until cancelled.</summary>
    public Task WatchAsync(Action<RemoteFiles> changed, CancellationToken stop) => Task.Factory.StartNew(() =>
    {
        using var signal = new StopSignal(stop);
        changed(_told = Look());
        while (true)
        {
            signal.Wait(_inotify?.Descriptor ?? -1, _goneSince.Count > 0 ? s_goneAfter / 4 : s_poll);
            while (!signal.IsRaised && Collect()) signal.Wait(-1, s_quiet);
            if (signal.IsRaised) return;
            var now = Look();
            if (now.SameAs(_told)) continue;
            changed(_told = now);
        }
    }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Dispose() => _inotify?.Dispose();

    private RemoteFiles Look()
    {
        // The same watch again costs nothing; a directory that was replaced gets a new one.
        _inotify?.Add(_path, out _);
        string[] names;
        try
        {
            names = [.. Directory.EnumerateFileSystemEntries(_path).Select(entry => Path.GetFileName(entry)).Where(name => RemoteFileNames.ClusterOf(name) is not null)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return RemoteFiles.Of(_own, _path, _files, $"cannot be read: {e.Message}");
        }

        var found = names.Where(Take).ToHashSet(StringComparer.Ordinal);
        foreach (var name in _files.Keys.Where(name => !found.Contains(name)).ToList()) Miss(name);
        return RemoteFiles.Of(_own, _path, _files, null);
    }

    /// <summary>True when there is such a file; reads it if it has changed.</summary>
    private bool Take(string name)
    {
        var path = Path.Combine(_path, name);
        if (FileStamp.Of(path, follow: true, out _) is not { } stamp || stamp.Type is FileType.Directory) return false;
        _goneSince.Remove(name);
        if (IsBeingWritten(name)) return true;
        var before = _files.GetValueOrDefault(name);
        if (before?.Stamp != stamp) _files[name] = RemoteFile.Read(path, stamp, before);
        return true;
    }

    private void Miss(string name)
    {
        _goneSince.TryAdd(name, _time.GetTimestamp());
        if (_time.GetElapsedTime(_goneSince[name]) < s_goneAfter) return;
        _goneSince.Remove(name);
        _files.Remove(name);
    }

    // Who holds a file open without a word for a second will not close it soon.
    private bool IsBeingWritten(string name) => _writing.TryGetValue(name, out var since) && _time.GetElapsedTime(since) < s_poll;

    // A link is never written to and closed.
    private bool WillBeWritten(string name) => FileStamp.Of(Path.Combine(_path, name), follow: false, out _) is { Type: FileType.Regular, Links: 1 };

    private bool Collect()
    {
        var events = _inotify?.Drain() ?? [];
        foreach (var told in events)
        {
            if ((told.Mask & InotifyMask.Modify) != 0 || (told.Mask.HasFlag(InotifyMask.Create) && WillBeWritten(told.Name))) _writing[told.Name] = _time.GetTimestamp();
            else if ((told.Mask & (InotifyMask.CloseWrite | InotifyMask.MovedTo | InotifyMask.MovedFrom | InotifyMask.Delete)) != 0) _writing.Remove(told.Name);
        }

        return events.Count > 0;
    }
}
