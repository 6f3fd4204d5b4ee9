using System.Collections.Concurrent;
using ClusterMesh.Proxy.Record.Metrics;
using ClusterMesh.Proxy.Retry;
using ClusterMesh.Proxy.Split;

namespace ClusterMesh.Proxy.Routing;

/// <summary>What of a route outlives a change of it: turns of its sequences, its retry budget and what was counted. Kept by route name.</summary>
internal sealed class RouteState(string name, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, TargetTurns> _turns = new(StringComparer.Ordinal);

    public string Name { get; } = name;

    public TimeProvider Time => time;

    public SplitTurns Turns { get; } = new();

    public RetryBudget Budget { get; } = new(time);

    public RouteSeries Series { get; } = new();

    public TargetTurns TargetTurns(string target) => _turns.GetOrAdd(target, static _ => new());
}
