using ClusterMesh.Mesh.Clusters.State;
using ClusterMesh.Mesh.Etcd;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Mesh.Clusters.Connection;

/// <summary>
/// One remote for as long as its file is there: connects again and again, and keeps what it knows while it cannot. What goes
/// wrong here touches nothing else.
/// </summary>
internal sealed class RemoteCluster : IAsyncDisposable
{
    private readonly string _cluster;
    private readonly RemoteContext _context;
    private readonly Func<EtcdConfig, IEtcdClient> _connect;
    private readonly Backoff _backoff;
    private readonly RemoteState _state;
    private readonly RemotePublisher _publisher;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private RemoteSource _source;
    private CancellationTokenSource _switched = new();
    private Task _running = Task.CompletedTask;

    /// <param name="publish">Called from one thread at a time, never after this is disposed; what it does delays only its next call.</param>
    public RemoteCluster(string cluster, RemoteSource source, RemoteContext context, Func<EtcdConfig, IEtcdClient> connect, Action<RemoteObjects> publish, IChance chance, ILogger log)
    {
        (_cluster, _source, _context, _connect) = (cluster, source, context, connect);
        _backoff = new(context.Config.FirstBackoff, context.Config.LongestBackoff, chance);
        _state = new(cluster, context.Time);
        _publisher = new(_state, publish, log);
    }

    public RemoteObjects Current => _state.Current;

    public BytesRead Read => _context.Read;

    public void Start() => _running = Task.WhenAll(Task.Run(ConnectAsync), Task.Run(() => _publisher.RunAsync(_stop.Token)), Task.Run(AgeAsync));

    /// <summary>Reads it there from now on. What is known stays; what the new source does not have goes once that has been listed whole.</summary>
    public void Switch(RemoteSource source)
    {
        CancellationTokenSource before;
        lock (_gate)
        {
            _state.MovedOn();
            (_source, before, _switched) = (source, _switched, new());
        }

        before.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _context.Ids.Release(_cluster);
        _context.ListAgain.Dispose();
        _stop.Dispose();
    }

    private async Task ConnectAsync()
    {
        var again = false;
        while (!_stop.IsCancellationRequested)
        {
            RemoteSource source;
            CancellationToken switched;
            lock (_gate) (source, switched) = (_source, _switched.Token);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, switched);
            again |= await ConnectOnceAsync(source, again, either.Token);
            if (either.IsCancellationRequested) continue;
            await Task.Delay(_backoff.Next(), _context.Time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>True when there was a connection.</summary>
    private async Task<bool> ConnectOnceAsync(RemoteSource source, bool again, CancellationToken cancel)
    {
        RemoteEvent end;
        try
        {
            await using var client = _connect(source.Config);
            await new RemoteSession(_cluster, source, client, _state, _context).RunAsync(again, cancel);
            return true;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return _state.Status.ConfigRetrieved;
        }
        catch (RemoteRefusedException e)
        {
            end = new RemoteEvent.Refused(e.Message);
        }
        catch (Exception e)
        {
            // Whatever it is, it is this remote's trouble alone.
            end = new RemoteEvent.Lost(e is EtcdException or RemoteLostException ? e.Message : $"{e.GetType().Name}: {e.Message}");
        }

        var status = _state.Status;
        if (status.Phase is RemotePhase.Ready or RemotePhase.Degraded) _backoff.Reset();
        _state.Apply(end);
        return status.ConfigRetrieved;
    }

    /// <summary>Service data of a remote that is away for too long goes; nodes, identities and addresses stay (cilium.md 1.6).</summary>
    private async Task AgeAsync()
    {
        if (_context.Config.RemoteTtl <= TimeSpan.Zero) return;
        using var timer = new PeriodicTimer(_context.Config.Tick, _context.Time);
        while (await timer.WaitForNextTickAsync(_stop.Token))
        {
            lock (_gate)
            {
                // That our own etcd is away says nothing about the remote; who mirrors it ages it out for all.
                if (!_source.IsCache && _state.RevokeServices(_context.Config.RemoteTtl)) _source.Tap?.RevokesServices();
            }
        }
    }
}
