using System.Collections.Immutable;
using ClusterMesh.Agent.Probes;
using ClusterMesh.Bpf.Services;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Agent.LoadBalancing;

/// <summary>
/// Brings the kernel's service table to what the mesh says, difference by difference. What it found in the kernel stays until every
/// source is in sync: a restart is not a removal. What the kernel refuses is tried again, with pauses that grow.
/// </summary>
internal sealed class ServiceReconciler(ServiceTable table, ThisNode node, TimeProvider time, IChance chance)
{
    private readonly Lock _lock = new();
    private readonly ServicePlan _plan = new(node);
    private readonly TableWriter _writer = new(table, node.Cluster);
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30), chance);
    private long _retryAt;

    /// <summary>What is wrong with services, and what the kernel refuses.</summary>
    public ImmutableArray<Problem> Problems { get; private set; } = [];

    /// <summary>Whether a frontend in the kernel is to be the proxy's. Any thread.</summary>
    public bool WantsProxy
    {
        get
        {
            lock (_lock) return table.Current.Values.Any(model => model.L7);
        }
    }

    /// <summary>
    /// Writes what differs. To be called when something changed, and now and then for what failed: with the same again it costs next to
    /// nothing. Snapshots in between may be left out.
    /// </summary>
    /// <param name="pruneAllowed">Every source was heard, or the time for it is over; once said, it is so.</param>
    public void Apply(MeshSnapshot snapshot, IReadOnlyCollection<RemoteObjects> remotes, NodeReachability reachability, bool pruneAllowed)
    {
        lock (_lock)
        {
            _plan.Update(snapshot, remotes, reachability, _writer.Touched);
            var due = time.GetTimestamp() >= _retryAt;
            if (due) _writer.Retry();
            _writer.Write(_plan, pruneAllowed);
            if (!_writer.HasFailed) _backoff.Reset();
            else if (due) _retryAt = time.GetTimestamp() + (long)(_backoff.Next().TotalSeconds * time.TimestampFrequency);
            ImmutableArray<Problem> problems = [.. _plan.Problems, .. _writer.Problems];
            if (!problems.SequenceEqual(Problems)) Problems = problems;
        }
    }

    /// <summary>What is in the kernel now, by service and frontend, and why. Any thread.</summary>
    public IReadOnlyList<FrontendStatus> Status()
    {
        lock (_lock)
        {
            return
            [
                .. table.Current.Select(pair => FrontendStatuses.Of(pair.Key, pair.Value, _plan.Wanted(pair.Key), _plan.Places))
                    .OrderBy(status => status.Namespace, StringComparer.Ordinal).ThenBy(status => status.Service, StringComparer.Ordinal)
                    .ThenBy(status => status.Frontend, StringComparer.Ordinal).ThenBy(status => status.Protocol, StringComparer.Ordinal),
            ];
        }
    }
}
