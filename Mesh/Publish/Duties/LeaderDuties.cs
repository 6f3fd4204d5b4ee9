using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Leadership;
using ClusterMesh.Mesh.Publish.Identities;
using ClusterMesh.Mesh.Publish.Sync;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Mesh.Publish.Duties;

/// <summary>What one agent does for the whole cluster while it leads, every write under the term's fence.</summary>
internal sealed class LeaderDuties : IDisposable
{
    private readonly PublishConfig _publish;
    private readonly PublishedState _state;
    private readonly Func<string, RetryLoop> _loop;
    private readonly ClusterConfigKeeper _config;
    private readonly Heartbeat _heartbeat;
    private readonly SyncCanaries _canaries;
    private readonly IdentityCollector _collector;

    public LeaderDuties(PublishConfig config, PublishedState state, WriteRate rate, TimeProvider time, Func<string, RetryLoop> loop)
    {
        (_publish, _state, _loop, _config, _heartbeat) = (config, state, loop, new(config, time), new(config, time));
        _collector = new(config.ClusterId, config.IdentityGcPeriod, rate, time);
        _canaries = new(config, [Of(state.Services, StateKeys.Services), Of(state.Node, StateKeys.Nodes), new(StateKeys.Ips, () => state.IpsSynced, () => state.Ips.Losses, state.Ips.Doubt), OfIdentities(state.Identities)], time);

        static Canary Of(SyncStore store, string prefix) => new(prefix, () => store.Synced, () => store.Losses, store.Doubt);
        static Canary OfIdentities(IdentityAllocator identities) => new(StateKeys.Identities, () => identities.Synced, () => identities.Losses, identities.Doubt);
    }

    /// <summary>Something was synced, or lost: the canaries follow.</summary>
    public void Look() => _canaries.Look();

    public async Task RunAsync(IEtcdClient client, Term term, CancellationToken stop)
    {
        await FormerId.RetractAsync(client, _publish, term.Fence, stop);
        await Together.RunAsync(
            stop,
            Duty("services", (works, end) => _state.Services.RunAsync(client, term.Fence, works, end)),
            Duty("cluster-config", (works, end) => _config.RunAsync(client, term.Fence, works, end)),
            Duty("heartbeat", (works, end) => _heartbeat.RunAsync(client, term.Fence, works, end)),
            Duty("sync canaries", (works, end) => _canaries.RunAsync(client, term, works, end)),
            Duty("unused identities", (works, end) => _collector.RunAsync(client, term.Fence, works, end)));
    }

    public void Dispose() => _canaries.Dispose();

    private Func<CancellationToken, Task> Duty(string what, Func<Action, CancellationToken, Task> life) => stop => _loop(what).RunAsync(life, stop);
}
