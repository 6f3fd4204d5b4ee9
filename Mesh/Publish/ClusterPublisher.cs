using System.Collections.Immutable;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Leadership;
using ClusterMesh.Mesh.Publish.Duties;
using ClusterMesh.Mesh.Publish.Sync;
using ClusterMesh.Mesh.Schema;
using ClusterMesh.Mesh.Sources;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Mesh.Publish;

/// <summary>
/// Tells other clusters of this one through its own etcd, in Cilium's keys (cilium.md 2): this agent's node, addresses and identities,
/// and, on the agent that is elected, everything cluster-wide. Nothing here waits for etcd: without it, what is known waits to be
/// written. Stopping removes nothing; what was published stays until its leases run out or the next life goes on with it.
/// </summary>
public sealed class ClusterPublisher : IAsyncDisposable
{
    /// <summary>The lock of the cluster-wide duties.</summary>
    internal const string LeaderKey = StateKeys.Locks + "publish";

    private readonly Func<IEtcdClient> _connect;
    private readonly TimeProvider _time;
    private readonly IChance _chance;
    private readonly ILogger _log;
    private readonly PublishMeter _meter;
    private readonly WriteRate _rate;
    private readonly PublishedState _state;
    private readonly LeaderDuties _duties;
    private readonly Election _election;
    private readonly Troubles _troubles = new();
    private readonly Signal _changed = new();
    private volatile ClusterObjects? _objects, _applied;
    private volatile IEtcdClient? _client;

    /// <param name="config">With at least one node address; addresses and CIDRs are taken as valid.</param>
    /// <param name="connect">Opens a client of the own cluster's etcd; called again when another etcd answers there.</param>
    public ClusterPublisher(PublishConfig config, Func<IEtcdClient> connect, TimeProvider time, ILogger<ClusterPublisher> log, IChance? chance = null)
    {
        (_connect, _time, _log, _chance) = (connect, time, log, chance ?? new ThreadChance());
        _meter = new(config.Cluster, time);
        _rate = new(config.BootstrapWritesPerSecond, config.WritesPerSecond, time);
        _state = new(config, _rate, _chance, _meter);
        _duties = new(config, _state, _rate, time, Loop);
        _election = new(LeaderKey, config.Node, config.ElectionTtl);
        foreach (var store in new[] { _state.Services, _state.Node, _state.Ips }) store.SyncedChanged += Look;
        _state.Identities.Changed += Look;
        _state.Identities.AllChanged += () => IdentitiesChanged?.Invoke();
        _election.Changed += Look;
    }

    public PublishStatus Status => new(
        _election.IsLeader,
        _election.Leader,
        _client?.Endpoint ?? "",
        _state.Services.Count,
        _state.Ips.Count,
        _state.Identities.Known,
        ReferenceEquals(_objects, _applied) && _state.IsSynced(_election.IsLeader),
        _troubles.Current,
        _state.Problems);

    /// <summary>The identities of the whole cluster, number to labels, "k8s:a=b;k8s:c=d;"; null until etcd was heard.</summary>
    public ImmutableDictionary<uint, string>? Identities => _state.Identities.All;

    /// <summary>After <see cref="Identities"/> changed. Any thread.</summary>
    public event Action? IdentitiesChanged;

    /// <summary>The newest objects of the own cluster's source. Never blocks; safe from any thread.</summary>
    public void Publish(ClusterObjects objects)
    {
        _objects = objects;
        _changed.Set();
    }

    /// <summary>Runs until stopped.</summary>
    public Task RunAsync(CancellationToken stop) => Together.RunAsync(stop, Duty("objects", ApplyAsync), Duty("etcd", ConnectAsync));

    public ValueTask DisposeAsync()
    {
        _duties.Dispose();
        _state.Dispose();
        _changed.Dispose();
        _meter.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Look() => _changed.Set();

    private RetryLoop Loop(string what) => new(what, _troubles, _meter, _time, _chance, _log);

    private Func<CancellationToken, Task> Duty(string what, Func<Action, CancellationToken, Task> life) => stop => Loop(what).RunAsync(life, stop);

    /// <summary>Makes of objects, and of numbers, what should be in etcd.</summary>
    private async Task ApplyAsync(Action works, CancellationToken stop)
    {
        while (true)
        {
            await _changed.WaitAsync(stop);
            if (_objects is { } objects)
            {
                if (ReferenceEquals(objects, _applied)) _state.ApplyNumbers();
                else _state.Apply(objects);
                _applied = objects;
                works();
            }

            if (_state.IsSynced(_election.IsLeader)) _rate.Settle();
            foreach (var store in new[] { _state.Services, _state.Node, _state.Ips }) _meter.Completed(store.Scope, store.Synced);
            _meter.Identities(_state.Identities.Known);
            _duties.Look();
        }
    }

    /// <summary>One client after another: each until another etcd answers than the one it knows.</summary>
    private async Task ConnectAsync(Action works, CancellationToken stop)
    {
        await using var client = _client = _connect();
        works();
        _rate.Bootstrap();
        try
        {
            await WriteAsync(client, stop);
        }
        catch (EtcdException e) when (e.Error == EtcdError.ClusterChanged)
        {
            throw new ConflictException(e.Message);
        }
    }

    private Task WriteAsync(IEtcdClient client, CancellationToken stop) => Together.RunAsync(
        stop,
        Duty("nodes", (works, end) => _state.Node.RunAsync(client, null, works, end)),
        Duty("ip", (works, end) => _state.Ips.RunAsync(client, null, works, end)),
        Duty("identities", (works, end) => _state.Identities.RunAsync(client, works, end)),
        Duty("election", (works, end) => _election.RunAsync(client, (term, over) => _duties.RunAsync(client, term, over), works, end)));
}
