using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ClusterMesh.Mesh.Etcd.Protos;
using Google.Protobuf;

namespace ClusterMesh.Mesh.Etcd;

/// <summary>
/// The etcd v3 client over our own gRPC (docs/decisions/grpc.md). Opening it makes no connection yet. A write whose outcome is
/// unknown, because the connection broke under it, is not repeated: it fails with <see cref="EtcdError.Unavailable"/>.
/// </summary>
public sealed class EtcdClient : IEtcdClient
{
    private readonly EtcdConfig _config;
    private readonly EtcdEndpoints _endpoints;
    private readonly EtcdHistory _history = new();
    private readonly EtcdCaller _caller;
    private readonly TimeProvider _time;
    private readonly IChance _chance;
    private readonly ConcurrentDictionary<EtcdWatch, bool> _watches = new();
    private readonly CancellationTokenSource _closed = new();

    private EtcdClient(EtcdConfig config, TimeProvider time, IChance chance)
    {
        (_config, _time, _chance) = (config, time, chance);
        _endpoints = new EtcdEndpoints(config, time);
        _caller = new EtcdCaller(config, _endpoints, _history, time, chance);
        Auth = new EtcdAuth(_caller);
    }

    public string Endpoint => _endpoints.InUse;

    public ulong ClusterId => _history.ClusterId;

    public IEtcdAuth Auth { get; }

    /// <exception cref="ArgumentException">The config has no endpoint.</exception>
    public static EtcdClient Open(EtcdConfig config, TimeProvider time) => Open(config, time, new ThreadChance());

    internal static EtcdClient Open(EtcdConfig config, TimeProvider time, IChance chance) => config.Endpoints.IsDefaultOrEmpty
        ? throw new ArgumentException("etcd: there is no endpoint", nameof(config))
        : new(config, time, chance);

    public async Task<(EtcdKeyValue? Item, long Revision)> GetAsync(string key, CancellationToken cancel = default)
    {
        var answer = await _caller.CallAsync(EtcdMethods.Range, new RangeRequest { Key = EtcdRange.Key(key) }, $"get {key}", cancel);
        return (answer.Kvs.Count > 0 ? EtcdMessages.Item(answer.Kvs[0], _history) : null, answer.Header.Revision);
    }

    public IAsyncEnumerable<EtcdPage> ListAsync(string prefix, CancellationToken cancel = default) =>
        EtcdList.PagesAsync(_caller, _history, prefix, _config.PageSize, cancel);

    public async Task<long> PutAsync(string key, ReadOnlyMemory<byte> value, long lease = 0, CancellationToken cancel = default)
    {
        var answer = await _caller.CallAsync(EtcdMethods.Put, EtcdMessages.Put(key, value, lease), $"put {key}", cancel);
        return answer.Header.Revision;
    }

    public async Task<long> DeleteAsync(string key, bool prefix = false, CancellationToken cancel = default)
    {
        var answer = await _caller.CallAsync(EtcdMethods.Delete, EtcdMessages.Delete(key, prefix), $"delete {key}{(prefix ? "*" : "")}", cancel);
        return answer.Deleted;
    }

    public async Task<EtcdTxnResult> TxnAsync(EtcdTxn txn, CancellationToken cancel = default)
    {
        EtcdLimits.Check(txn);
        var first = txn.Then.IsDefaultOrEmpty ? "" : $" of {txn.Then[0].Kind} {txn.Then[0].Key}";
        return EtcdMessages.Result(await _caller.CallAsync(EtcdMethods.Txn, EtcdMessages.Txn(txn), $"txn{first}", cancel), _history);
    }

    public async Task<IEtcdLease> OpenLeaseAsync(TimeSpan ttl, CancellationToken cancel = default)
    {
        var begin = _time.GetTimestamp();
        var request = new LeaseGrantRequest { TTL = (long)Math.Ceiling(ttl.TotalSeconds) };
        var answer = await _caller.CallAsync(EtcdMethods.LeaseGrant, request, "lease grant", cancel);
        return new EtcdLease(_caller, _time, answer.ID, TimeSpan.FromSeconds(answer.TTL), begin, _closed.Token);
    }

    public async Task<IEtcdLease> AdoptLeaseAsync(long id, CancellationToken cancel = default)
    {
        var begin = _time.GetTimestamp();
        var answer = await _caller.CallAsync(EtcdMethods.LeaseKeepAlive, new LeaseKeepAliveRequest { ID = id }, $"keep lease {id:x} alive", cancel);
        return answer.TTL > 0
            ? new EtcdLease(_caller, _time, id, TimeSpan.FromSeconds(answer.TTL), begin, _closed.Token)
            : throw new EtcdException(EtcdError.LeaseNotFound, $"etcd {Endpoint}: lease {id:x} has run out");
    }

    public IAsyncEnumerable<EtcdWatchBatch> WatchAsync(string prefix, long fromRevision, CancellationToken cancel = default) =>
        WatchAsync(prefix, EtcdRange.End(prefix), fromRevision, cancel);

    public IAsyncEnumerable<EtcdWatchBatch> WatchKeyAsync(string key, long fromRevision, CancellationToken cancel = default) =>
        WatchAsync(key, EtcdRange.KeyOnly, fromRevision, cancel);

    private async IAsyncEnumerable<EtcdWatchBatch> WatchAsync(string prefix, ByteString end, long fromRevision, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var watch = new EtcdWatch(_endpoints, _history, _config.GiveUp, _time, _chance, prefix, end, fromRevision, cancel);
        _watches[watch] = true;
        try
        {
            while (true) yield return await watch.NextAsync();
        }
        finally
        {
            _watches.TryRemove(watch, out _);
        }
    }

    public void RequestProgress()
    {
        foreach (var watch in _watches.Keys) watch.RequestProgress();
    }

    public async Task<EtcdStatus> StatusAsync(CancellationToken cancel = default)
    {
        var answer = await _caller.CallAsync(EtcdMethods.Status, new StatusRequest(), "status", cancel);
        return new(answer.Version, answer.Header.ClusterId, answer.Header.Revision, answer.Leader != 0, answer.DbSize);
    }

    /// <summary>Ends watches, and leaves leases to expire: who wants them revoked disposes them first.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        _endpoints.Dispose();
    }
}
