using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Publish;

namespace ClusterMesh.Agent.Hosting;

/// <summary>
/// Mirrors the other clusters while this agent leads, and until it is seen that another one does: losing the lock because the own
/// etcd is away must not make this agent read a mirror that is away with it.
/// </summary>
internal sealed class MirrorDuty(ClusterPublisher publisher, RemoteClusters remotes, string node, TimeProvider time)
{
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(200);

    /// <summary>Whether this agent reads the others directly and mirrors them.</summary>
    public bool Active { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(s_period, time);
        do
        {
            var status = publisher.Status;
            var now = Decide(Active, status.IsLeader, status.Leader, node);
            if (now == Active) continue;
            remotes.SetMirroring(Active = now);
        }
        while (await timer.WaitForNextTickAsync(stop));
    }

    /// <param name="leader">Null = nobody, as far as is known.</param>
    internal static bool Decide(bool mirroring, bool leads, string? leader, string node) => leads || (mirroring && (leader is null || leader == node));
}
