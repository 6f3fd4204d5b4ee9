using ClusterMesh.Mesh.Clusters.Mirror;
using ClusterMesh.Mesh.Etcd;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Mesh.Clusters.Connection;

/// <summary>One remote with where it is read, and its mirror while we are the ones who write it. One caller at a time.</summary>
internal sealed class RemoteEntry : IAsyncDisposable
{
    private readonly Func<RemoteMirror> _newMirror;
    private readonly EtcdConfig? _cache;
    private readonly RemoteCluster _remote;
    private RunningMirror? _mirror;

    public RemoteEntry(string cluster, EtcdConfig etcd, RemoteClustersConfig config, bool mirroring, RemoteServices services)
    {
        (Etcd, _cache) = (etcd, config.Cache);
        var context = new RemoteContext(config, services.Ids, new(), new(), services.Time);
        _newMirror = () => new(cluster, config, services.Connect, context.ListAgain.Ask, services.Time, services.Chance, services.Log);
        if (mirroring) _mirror = new(_newMirror());
        _remote = new(cluster, Source(), context, services.Connect, services.Publish, services.Chance, services.Log);
        _remote.Start();
    }

    public EtcdConfig Etcd { get; private set; }

    public RemoteObjects Current => _remote.Current;

    public BytesRead Read => _remote.Read;

    /// <summary>Its file has changed.</summary>
    public void Change(EtcdConfig etcd)
    {
        Etcd = etcd;
        if (!Source().IsCache) _remote.Switch(Source());
    }

    public async Task SetMirroringAsync(bool mirroring)
    {
        if (_cache is null || mirroring == _mirror is not null) return;
        var before = _mirror;
        _mirror = mirroring ? new(_newMirror()) : null;
        // Away from the old mirror first: it is told nothing more.
        _remote.Switch(Source());
        if (before is not null) await before.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_mirror is not null) await _mirror.DisposeAsync();
        await _remote.DisposeAsync();
    }

    private RemoteSource Source() =>
        _cache is null ? new(Etcd) : _mirror is { } mirror ? new(Etcd, Tap: mirror.Tap) : new(_cache, IsCache: true);

    private sealed class RunningMirror : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _running;

        public RunningMirror(RemoteMirror mirror)
        {
            Tap = mirror.Tap;
            _running = Task.Run(() => mirror.RunAsync(_stop.Token));
        }

        public IRemoteTap Tap { get; }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            _stop.Dispose();
        }
    }
}

/// <summary>What every remote needs of the whole.</summary>
internal sealed record RemoteServices(
    ClusterIds Ids, Func<EtcdConfig, IEtcdClient> Connect, Action<RemoteObjects> Publish, TimeProvider Time, IChance Chance, ILogger Log);
