using System.Collections.Immutable;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Agent.Hosting;

/// <summary>Tells the writer what publishing and the directory of remotes find wrong, so that it is seen wherever problems are.</summary>
internal sealed class ProblemWatch(AgentParts parts, MeshWriter writer, TimeProvider time)
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken stop)
    {
        ImmutableArray<Problem> told = [];
        using var timer = new PeriodicTimer(s_period, time);
        do
        {
            ImmutableArray<Problem> now = [.. parts.Remotes?.Problems ?? [], .. parts.Publisher?.Status.Problems ?? [], .. parts.Datapath?.Problems ?? [], .. parts.Services?.Problems ?? [], .. OfProxy()];
            if (now.SequenceEqual(told)) continue;
            writer.Report(told = now);
        }
        while (await timer.WaitForNextTickAsync(stop));
    }

    private IEnumerable<Problem> OfProxy() =>
        parts.Datapath is { } datapath ? datapath.Proxy.Problems(datapath.Self, parts.Services?.WantsProxy ?? false, datapath.Policies.WantsProxy) : [];
}
