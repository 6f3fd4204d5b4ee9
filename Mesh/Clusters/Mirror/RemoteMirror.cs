using System.Threading.Channels;
using ClusterMesh.Mesh.Clusters.Connection;
using ClusterMesh.Mesh.Etcd;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Mesh.Clusters.Mirror;

/// <summary>
/// Copies what one remote tells into our own etcd (KVStoreMesh, cilium.md 2), so that the other nodes need not ask it. Trouble
/// with our etcd never holds up the reading: what could not be written is read from the remote again later.
/// </summary>
internal sealed partial class RemoteMirror
{
    private readonly string _cluster;
    private readonly RemoteClustersConfig _config;
    private readonly Func<EtcdConfig, IEtcdClient> _connect;
    private readonly TimeProvider _time;
    private readonly IChance _chance;
    private readonly ILogger _log;
    private readonly MirrorKeys _keys;
    private readonly MirrorState _state;
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private string? _said;

    /// <param name="listAgain">Has the remote's reader tell everything once more.</param>
    public RemoteMirror(string cluster, RemoteClustersConfig config, Func<EtcdConfig, IEtcdClient> connect, Action listAgain, TimeProvider time, IChance chance, ILogger log)
    {
        (_cluster, _config, _connect, _time, _chance, _log) = (cluster, config, connect, time, chance, log);
        _keys = new(cluster);
        _state = new(_keys, () => _changed.Writer.TryWrite(true), listAgain);
    }

    public IRemoteTap Tap => _state;

    /// <summary>Writes until cancelled, and leaves what it has written: whoever mirrors next goes on with it.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var backoff = new Backoff(_config.FirstBackoff, _config.LongestBackoff, _chance);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await LiveAsync(backoff, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                Say(e.Message);
            }

            _state.Close();
            await Task.Delay(backoff.Next(), _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LiveAsync(Backoff backoff, CancellationToken stop)
    {
        await using var client = _connect(_config.Cache!);
        using var leases = new LeasePool(client, _config.MirrorTtl);
        var guard = await client.OpenLeaseAsync(_config.MirrorTtl / 2, stop);
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, leases.Lost, guard.Lost);
            var life = new MirrorLife(_keys, _state, client, leases, new(_keys, client, guard, _time));
            await life.TakeOverAsync(either.Token);
            await Together.RunAsync(either.Token, cancel => WriteAsync(life, backoff, cancel), cancel => GuardConfigAsync(client, cancel), life.GuardServicesAsync);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new RemoteLostException("a lease of ours is gone, and its keys with it");
        }
        finally
        {
            guard.Leave();
        }
    }

    private async Task WriteAsync(MirrorLife life, Backoff backoff, CancellationToken cancel)
    {
        while (true)
        {
            await life.WriteAsync(_state.Take(), cancel);
            backoff.Reset();
            Say(null);
            await _changed.Reader.ReadAsync(cancel);
        }
    }

    private async Task GuardConfigAsync(IEtcdClient client, CancellationToken cancel)
    {
        var there = false;
        await foreach (var value in WatchedKey.FollowAsync(client, _keys.Config, cancel))
        {
            if (there && value is null) throw new RemoteLostException($"{_keys.Config} was deleted, as when our etcd is emptied");
            there |= value is not null;
        }
    }

    private void Say(string? trouble)
    {
        if (_said == trouble) return;
        _said = trouble;
        if (trouble is null) LogWorks(_cluster);
        else LogTrouble(_cluster, trouble);
    }

    [LoggerMessage(11, LogLevel.Warning, "mirror of cluster {Cluster} in our etcd: {Reason}; it is begun anew")]
    private partial void LogTrouble(string cluster, string reason);

    [LoggerMessage(12, LogLevel.Information, "mirror of cluster {Cluster} in our etcd: works again")]
    private partial void LogWorks(string cluster);
}
