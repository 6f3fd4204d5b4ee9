using System.Runtime.CompilerServices;
using ClusterMesh.Mesh.Policy;

namespace ClusterMesh.Mesh.Wire;

/// <summary>Holds the policies in force for those who follow them. A slow follower misses versions, never a change.</summary>
public sealed class PolicyHub
{
    private Version _current = new(null);

    /// <summary>Null until the first ones are applied.</summary>
    public NodePolicies? Current => Volatile.Read(ref _current).Policies;

    /// <summary>Called by the one writer, once they are in the kernel.</summary>
    public void Apply(NodePolicies policies)
    {
        if (Current is { } last && last.Same(policies)) return;
        Interlocked.Exchange(ref _current, new(policies)).Replaced.SetResult();
    }

    /// <summary>What is in force, and what replaces it, until stopped.</summary>
    internal async IAsyncEnumerable<NodePolicies> FollowAsync([EnumeratorCancellation] CancellationToken stop)
    {
        while (true)
        {
            var now = Volatile.Read(ref _current);
            if (now.Policies is { } policies) yield return policies;
            await now.Replaced.Task.WaitAsync(stop);
        }
    }

    private sealed record Version(NodePolicies? Policies)
    {
        public TaskCompletionSource Replaced { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
