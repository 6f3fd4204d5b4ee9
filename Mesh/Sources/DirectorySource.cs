using ClusterMesh.Mesh.Sources.Files;
using ClusterMesh.Mesh.Sources.Manifests;

namespace ClusterMesh.Mesh.Sources;

/// <summary>A cluster whose objects are the Kubernetes manifests in a directory (*.yaml, *.yml, *.json, recursively).</summary>
public sealed class DirectorySource : IDisposable
{
    private readonly string _cluster;
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly Inotify? _inotify;
    private readonly WatchedDirectories _watched;
    private readonly ManifestDirectory _directory;
    private readonly ClusterAssembly _assembly;
    private readonly PendingChanges _pending = new();
    private readonly CancellationTokenSource _disposed = new();
    private Task? _watching;

    public DirectorySource(string cluster, string path, TimeProvider time)
    {
        (_cluster, _path, _time) = (cluster, Path.GetFullPath(path), time);
        _inotify = Inotify.Open(out var error);
        _watched = new WatchedDirectories(_inotify, error);
        _directory = new ManifestDirectory(cluster, _path, _watched);
        _assembly = new ClusterAssembly(cluster, path, time);
    }

    /// <summary>Reads the whole directory. What happens to it from then on is not lost: <see cref="WatchAsync"/> tells it.</summary>
    /// <exception cref="SourceException">The directory cannot be read at all. A watch may be started all the same.</exception>
    public ClusterObjects Load()
    {
        if (_watching is not null)
            throw new InvalidOperationException("Load comes before WatchAsync.");
        _pending.LoseEvents();
        _directory.Look(_pending, TimeSpan.Zero);
        if (_directory.RootFailure is { } reason)
            throw new SourceException($"cluster {_cluster}: directory {_path} cannot be read: {reason}");
        _directory.TakeAll(_pending, TimeSpan.Zero);
        _assembly.Assemble(_directory.Files, _directory.Problems());
        return _assembly.Last;
    }

    /// <summary>
    /// Watches on a thread of its own until cancelled. Whatever changes, objects or problems, is published as a whole new value,
    /// from that thread; what did not change in it keeps its references. The task fails if <paramref name="publish"/> throws.
    /// </summary>
    public Task WatchAsync(Action<ClusterObjects> publish, CancellationToken stop)
    {
        if (_watching is not null)
            throw new InvalidOperationException("The directory is watched already.");
        return _watching = Task.Factory.StartNew(
            () => Watch(publish, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Ends a running watch, too.</summary>
    public void Dispose()
    {
        _disposed.Cancel();
        ((IAsyncResult?)_watching)?.AsyncWaitHandle.WaitOne();
        _inotify?.Dispose();
        _disposed.Dispose();
    }

    private void Watch(Action<ClusterObjects> publish, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _disposed.Token);
        using var signal = new StopSignal(either.Token);
        new WatchLoop(_directory, _watched, _inotify, _assembly, _pending, _time, publish).Run(signal);
    }
}
