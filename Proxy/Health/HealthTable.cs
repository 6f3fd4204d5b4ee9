using System.Collections.Concurrent;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Telemetry;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Proxy.Health;

/// <summary>The one health table: every backend that any service has, by cluster and address.</summary>
internal sealed partial class HealthTable(EjectionPolicy policy, TimeProvider time, ILogger<HealthTable> log)
{
    private readonly ConcurrentDictionary<(string Cluster, string Authority), BackendHealth> _backends = new();
    private readonly ConcurrentDictionary<BackendHealth, byte> _ejected = new();
    // An ejection and a restoration are each one step: half of both would be a backend that is out, or in, for ever.
    private readonly Lock _lock = new();
    private long _version;
    private long _ejections;

    /// <summary>Grows with every change of somebody's health: a selection made at another version is stale.</summary>
    public long Version => Volatile.Read(ref _version);

    public long Ejections => Volatile.Read(ref _ejections);

    public EjectionPolicy Policy => policy;

    public IEnumerable<BackendHealth> Ejected => _ejected.Keys;

    public int Count => _backends.Count;

    /// <summary>The backend's health; known health is kept while the address stays, whatever else of it changes.</summary>
    public BackendHealth Get(Backend backend) => _backends.GetOrAdd((backend.Cluster, backend.Authority), static (_, made) => new(made), backend);

    /// <summary>The backend's health for one more service port. By the one writer alone, as <see cref="Release"/>.</summary>
    public BackendHealth Acquire(Backend backend)
    {
        var health = Get(backend);
        health.Users++;
        return health;
    }

    /// <summary>One service port less has it; with the last it is forgotten, so that a returning address starts afresh.</summary>
    public void Release(BackendHealth health)
    {
        if (--health.Users > 0) return;
        _backends.TryRemove((health.Backend.Cluster, health.Backend.Authority), out _);
        Forget(health);
    }

    /// <summary>Takes note of how an attempt ended.</summary>
    /// <param name="peers">The backends of the service port, for the limit on ejections.</param>
    /// <param name="caller">The identity that asked; 0 at the edge.</param>
    public void Note(BackendHealth backend, EndReason reason, int status, long now, BackendHealth[] peers, uint caller = 0)
    {
        if (reason == EndReason.ConnectFailed && policy.ConnectFailureEjects)
        {
            Eject(backend, reason);
            return;
        }

        // That it does not answer this caller, while it answers another, is a policy's doing and says nothing of its health.
        if (reason == EndReason.ConnectFailed && backend.AnswersOthers(caller, now, time.TimestampFrequency)) return;
        if (reason == EndReason.Ok) backend.Answered(caller, now);
        var failed = reason is EndReason.ConnectFailed or EndReason.Reset or EndReason.Timeout or EndReason.BadResponse || status >= 500;
        if (!backend.CountFailure(failed, now, time.TimestampFrequency, policy) || backend.Ejection is not null) return;
        if (peers.Count(peer => peer.Ejection is not null) + 1 > Math.Ceiling(peers.Length * policy.MaxEjectedShare)) return;
        Eject(backend, reason is EndReason.Ok or EndReason.RetriedStatus ? EndReason.ServerError : reason);
    }

    public void Restore(BackendHealth backend, string why)
    {
        lock (_lock)
        {
            if (!_ejected.TryRemove(backend, out _)) return;
            backend.Restore(time.GetUtcNow());
        }

        Changed();
        LogRestored(backend.Backend.Cluster, backend.Backend.Authority, why);
    }

    public void SetProbe(BackendHealth backend, bool failing, string why)
    {
        if (backend.ProbeFailing == failing) return;
        backend.ProbeFailing = failing;
        Changed();
        LogProbe(backend.Backend.Cluster, backend.Backend.Authority, failing ? "fails its probes" : "passes its probes again", why);
    }

    private void Eject(BackendHealth backend, EndReason reason)
    {
        if (backend.Ejection is not null) return;
        lock (_lock)
        {
            // A late answer of one that is gone: nobody would ever bring it back.
            if (!_backends.TryGetValue((backend.Backend.Cluster, backend.Backend.Authority), out var known) || known != backend) return;
            if (!_ejected.TryAdd(backend, 0)) return;
            backend.Eject(reason, time.GetUtcNow(), policy);
        }

        Interlocked.Increment(ref _ejections);
        Changed();
        LogEjected(backend.Backend.Cluster, backend.Backend.Authority, reason.Text(), backend.Ejection?.Until ?? default);
    }

    private void Forget(BackendHealth backend)
    {
        lock (_lock) _ejected.TryRemove(backend, out _);
    }

    private void Changed() => Interlocked.Increment(ref _version);

    [LoggerMessage(1, LogLevel.Warning, "backend {Cluster} {Authority} ejected: {Reason}; until {Until:O}")]
    private partial void LogEjected(string cluster, string authority, string reason, DateTimeOffset until);

    [LoggerMessage(2, LogLevel.Information, "backend {Cluster} {Authority} takes requests again: {Why}")]
    private partial void LogRestored(string cluster, string authority, string why);

    [LoggerMessage(3, LogLevel.Warning, "backend {Cluster} {Authority} {State}: {Why}")]
    private partial void LogProbe(string cluster, string authority, string state, string why);
}
