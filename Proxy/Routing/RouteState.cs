using System.Collections.Concurrent;
using ClusterMesh.Proxy.Retry;
using ClusterMesh.Proxy.Split;

namespace ClusterMesh.Proxy.Routing;

/// <summary>What of a route outlives a change of it: turns of its sequences and its retry budget. Kept by route name.</summary>
internal sealed class RouteState(string name, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, TargetTurns> _turns = new(StringComparer.Ordinal);

    public string Name { get; } = name;

    public TimeProvider Time => time;

    public SplitTurns Turns { get; } = new();

    public RetryBudget Budget { get; } = new(time);

    public TargetTurns TargetTurns(string target) => _turns.GetOrAdd(target, static _ => new());
}
