using System.Collections.Immutable;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Status;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Agent.Hosting;

/// <summary>Says what is new in a snapshot: problems that came or went, clusters that changed their state. One thread at a time.</summary>
internal sealed class SnapshotLog(ILogger log)
{
    private ImmutableArray<Problem> _problems = [];
    private ImmutableSortedDictionary<string, ClusterStatus> _clusters = ImmutableSortedDictionary<string, ClusterStatus>.Empty;

    public void Look(MeshSnapshot snapshot)
    {
        if (!ReferenceEquals(_clusters, snapshot.Clusters)) LookAtClusters(snapshot.Clusters);
        if (!_problems.Equals(snapshot.Problems) && !_problems.SequenceEqual(snapshot.Problems)) LookAtProblems(snapshot.Problems);
    }

    private void LookAtClusters(ImmutableSortedDictionary<string, ClusterStatus> clusters)
    {
        foreach (var (name, cluster) in clusters)
        {
            if (cluster.Local || (_clusters.TryGetValue(name, out var before) && (before.State, before.Reason) == (cluster.State, cluster.Reason))) continue;
            Log.RemoteState(log, name, cluster.State, cluster.Reason is { } reason ? $": {reason}" : "");
        }

        foreach (var gone in _clusters.Keys.Where(name => !clusters.ContainsKey(name))) Log.RemoteState(log, gone, "removed", "");
        _clusters = clusters;
    }

    private void LookAtProblems(ImmutableArray<Problem> problems)
    {
        var (before, now) = (_problems.ToHashSet(), problems.ToHashSet());
        foreach (var problem in now.Where(problem => !before.Contains(problem))) Log.Problem(log, problem);
        foreach (var problem in before.Where(problem => !now.Contains(problem))) Log.ProblemGone(log, problem);
        _problems = problems;
    }
}
