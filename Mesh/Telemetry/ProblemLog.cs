using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Mesh.Telemetry;

/// <summary>Says which problems came or went: a rebuild meets the same ones again. One thread at a time.</summary>
public sealed partial class ProblemLog(ILogger log)
{
    private readonly ILogger _log = log;
    private ImmutableHashSet<Problem> _said = [];
    private ImmutableArray<Problem> _last = [];

    public void Look(ImmutableArray<Problem> problems)
    {
        if (problems == _last) return;
        var now = problems.ToImmutableHashSet();
        foreach (var problem in problems.Where(problem => !_said.Contains(problem)).Distinct()) LogProblem(problem);
        foreach (var problem in _said.Where(problem => !now.Contains(problem))) LogGone(problem);
        (_said, _last) = (now, problems);
    }

    [LoggerMessage(204, LogLevel.Warning, "{Problem}")]
    private partial void LogProblem(Problem problem);

    [LoggerMessage(205, LogLevel.Information, "no longer a problem: {Problem}")]
    private partial void LogGone(Problem problem);
}
