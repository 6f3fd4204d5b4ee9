using System.Collections.Immutable;
using System.Threading.Channels;
using ClusterMesh.Agent.Probes;
using ClusterMesh.Bpf;
using ClusterMesh.Bpf.Services;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Status;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Agent.LoadBalancing;

/// <summary>
/// Brings the kernel's service table to what the mesh says, difference by difference. What it found in the kernel stays until every
/// source is in sync: a restart is not a removal. What the kernel refuses is tried again.
/// </summary>
internal sealed partial class ServiceReconciler(ServiceTable table, ThisNode node, TimeProvider time, IChance chance, ILogger log)
{
    /// <summary>Between two passes: what changes meanwhile is written once.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _lock = new();
    private readonly ServicePlan _plan = new(node);
    private readonly TableWriter _writer = new(table, node.Cluster);
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30), chance);
    private volatile Input? _input;
    private long _retryAt;

    /// <summary>What is wrong with services, and what the kernel refuses.</summary>
    public ImmutableArray<Problem> Problems { get; private set; } = [];

    /// <summary>What the mesh says now; the last one counts. Never blocks; safe from any thread.</summary>
    /// <param name="pruneAllowed">Every source has said that it is in sync; once said, it is so.</param>
    public void Apply(MeshSnapshot snapshot, IReadOnlyCollection<RemoteObjects> remotes, NodeReachability reachability, bool pruneAllowed)
    {
        _input = new(snapshot, remotes, reachability, pruneAllowed);
        _wake.Writer.TryWrite(true);
    }

    /// <summary>Writes until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await using var retry = time.CreateTimer(_ => _wake.Writer.TryWrite(true), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        while (true)
        {
            await _wake.Reader.ReadAsync(stop);
            if (!Pass() && time.GetTimestamp() >= _retryAt)
            {
                var wait = _backoff.Next();
                _retryAt = time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency);
                retry.Change(wait, Timeout.InfiniteTimeSpan);
            }

            await Task.Delay(s_pause, time, stop);
        }
    }

    /// <summary>What is in the kernel now, by frontend, and why.</summary>
    public IReadOnlyList<FrontendStatus> Status()
    {
        lock (_lock)
        {
            return
            [
                .. table.Current.Select(pair => FrontendStatuses.Of(pair.Key, pair.Value, _plan.Wanted(pair.Key), _plan.Places))
                    .OrderBy(status => status.Namespace, StringComparer.Ordinal).ThenBy(status => status.Service, StringComparer.Ordinal).ThenBy(status => status.Frontend, StringComparer.Ordinal)
                    .ThenBy(status => status.Protocol, StringComparer.Ordinal),
            ];
        }
    }

    /// <summary>False = something failed and is to be tried again.</summary>
    private bool Pass()
    {
        try
        {
            lock (_lock) return Pass(_input!);
        }
        catch (Exception e)
        {
            // What was touched is still noted: the next pass goes on.
            LogDefect(e);
            return false;
        }
    }

    private bool Pass(Input input)
    {
        _plan.Update(input.Snapshot, input.Remotes, input.Reachability, _writer.Touched);
        if (time.GetTimestamp() >= _retryAt) _writer.Retry();
        _writer.Write(_plan, input.PruneAllowed);
        ImmutableArray<Problem> problems = [.. _plan.Problems, .. _writer.Problems];
        if (!problems.SequenceEqual(Problems)) Problems = problems;
        if (_writer.HasFailed) return false;
        _backoff.Reset();
        return true;
    }

    [LoggerMessage(1, LogLevel.Error, "The service table: met a defect; it is tried again")]
    private partial void LogDefect(Exception exception);

    private sealed record Input(MeshSnapshot Snapshot, IReadOnlyCollection<RemoteObjects> Remotes, NodeReachability Reachability, bool PruneAllowed);
}
