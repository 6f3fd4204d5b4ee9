using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using ClusterMesh.Mesh.Clusters.Connection;
using ClusterMesh.Mesh.Clusters.Files;
using ClusterMesh.Mesh.Clusters.Mirror;
using ClusterMesh.Mesh.Etcd;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Mesh.Clusters;

/// <summary>
/// All other clusters: one remote per file of a directory, each read from its own etcd, or, with a cache, from the mirror in ours
/// unless this node is the one that writes it.
/// </summary>
public sealed partial class RemoteClusters : IAsyncDisposable
{
    private readonly RemoteClustersConfig _config;
    private readonly Action<string> _removed;
    private readonly RemoteServices _services;
    private readonly ILogger _log;
    private readonly RemoteDirectory _directory;
    private readonly RemoteMetrics _metrics;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<Func<Task>> _orders = Channel.CreateUnbounded<Func<Task>>(new() { SingleReader = true });
    private readonly ConcurrentDictionary<string, RemoteEntry> _remotes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (CancellationTokenSource Stop, Task Running)> _removals = new(StringComparer.Ordinal);
    private volatile RemoteFiles _files = RemoteFiles.Empty;
    private Task _running = Task.CompletedTask;
    private readonly TaskCompletionSource _listed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _mirroring;

    /// <param name="connect">Opens a client; makes no connection yet.</param>
    /// <param name="publish">
    /// Takes what a remote tells whenever something in it changed. Called from many threads, for one remote from one at a time; while
    /// it works, what comes is gathered for the next call.
    /// </param>
    /// <param name="removed">Called after the last <paramref name="publish"/> of a remote whose file is gone: forget it.</param>
    public RemoteClusters(
        RemoteClustersConfig config, Func<EtcdConfig, IEtcdClient> connect, Action<RemoteObjects> publish, Action<string> removed,
        TimeProvider time, IChance chance, ILogger<RemoteClusters> log)
    {
        (_config, _removed, _log) = (config, removed, log);
        _services = new(new(), connect, publish, time, chance, log);
        _directory = new(config.Cluster, config.Directory, time);
        _metrics = new(config, () => _remotes);
    }

    /// <summary>What is known of each remote, with its status of this moment, by name.</summary>
    public ImmutableArray<RemoteObjects> Current => [.. _remotes.ToArray().OrderBy(remote => remote.Key, StringComparer.Ordinal).Select(remote => remote.Value.Current)];

    /// <summary>What is wrong with the directory and its files.</summary>
    public ImmutableArray<Problem> Problems => _files.Problems;

    /// <summary>Completes once the directory has been read: every remote in it is in <see cref="Current"/>.</summary>
    public Task Listed => _listed.Task;

    public void Start() => _running = Task.WhenAll(Task.Run(ObeyAsync), _directory.WatchAsync(files => Order(() => ApplyAsync(files)), _stop.Token));

    /// <summary>Whether this node writes the mirror of the remotes: the one that is elected. Means nothing without a cache. Never blocks.</summary>
    public void SetMirroring(bool mirroring) => Order(async () =>
    {
        _mirroring = mirroring && _config.Cache is not null;
        await Task.WhenAll(_remotes.Values.Select(remote => remote.SetMirroringAsync(_mirroring)));
    });

    /// <summary>Stops reading; nothing is drained or removed, as a restart is not a removal.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_remotes.Values.Select(remote => remote.DisposeAsync().AsTask()));
        await Task.WhenAll(_removals.Values.Select(removal => removal.Running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _metrics.Dispose();
        _directory.Dispose();
        _stop.Dispose();
    }

    private void Order(Func<Task> order) => _orders.Writer.TryWrite(order);

    private async Task ObeyAsync()
    {
        await foreach (var order in _orders.Reader.ReadAllAsync(_stop.Token))
        {
            try
            {
                await order();
            }
            catch (Exception e)
            {
                LogFailed(e);
            }
        }
    }

    private async Task ApplyAsync(RemoteFiles files)
    {
        foreach (var name in _remotes.Keys.Where(name => !files.Remotes.ContainsKey(name)).ToList()) await RemoveAsync(name);
        foreach (var (name, etcd) in files.Remotes)
        {
            if (!_remotes.TryGetValue(name, out var remote)) await AddAsync(name, etcd);
            else if (!RemoteFiles.Same(remote.Etcd, etcd)) remote.Change(etcd);
        }

        _files = files;
        _listed.TrySetResult();
    }

    private async Task AddAsync(string name, EtcdConfig etcd)
    {
        // It is back before its mirror was taken away.
        if (_removals.Remove(name, out var removal))
        {
            await removal.Stop.CancelAsync();
            await removal.Running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            removal.Stop.Dispose();
        }

        _remotes[name] = new(name, etcd, _config, _mirroring, _services);
    }

    private async Task RemoveAsync(string name)
    {
        if (!_remotes.TryRemove(name, out var remote)) return;
        await remote.DisposeAsync();
        _removed(name);
        LogRemoved(name);
        if (!_mirroring) return;
        var stop = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        _removals[name] = (stop, MirrorRemoval.RunAsync(name, _config, _services.Connect, _services.Time, _services.Chance, stop.Token));
    }

    [LoggerMessage(22, LogLevel.Information, "remote cluster {Cluster} removed: its file is gone")]
    private partial void LogRemoved(string cluster);

    [LoggerMessage(23, LogLevel.Error, "remote clusters: a change of the directory or of who mirrors could not be applied whole; the rest goes on")]
    private partial void LogFailed(Exception error);
}
