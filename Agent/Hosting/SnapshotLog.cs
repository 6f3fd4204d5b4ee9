using System.Collections.Immutable;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Services;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Agent.Hosting;

/// <summary>Says which problems came or went with a snapshot. One thread at a time.</summary>
internal sealed class SnapshotLog(ILogger log)
{
    private ImmutableArray<Problem> _problems = [];

    public void Look(MeshSnapshot snapshot)
    {
        if (_problems.Equals(snapshot.Problems) || _problems.SequenceEqual(snapshot.Problems)) return;
        var (before, now) = (_problems.ToHashSet(), snapshot.Problems.ToHashSet());
        foreach (var problem in now.Where(problem => !before.Contains(problem))) Log.Problem(log, problem);
        foreach (var problem in before.Where(problem => !now.Contains(problem))) Log.ProblemGone(log, problem);
        _problems = snapshot.Problems;
    }
}
