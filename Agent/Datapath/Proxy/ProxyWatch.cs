using ClusterMesh.Agent.Datapath.Nodes;
using ClusterMesh.Mesh;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Agent.Datapath.Proxy;

/// <summary>Whether the node's proxy takes connections, as the programs see it; tells once when that changes.</summary>
internal sealed partial class ProxyWatch(Bpf.Datapath kernel, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    /// <summary>present, absent, or unsupported: this kernel cannot give it any.</summary>
    public string State => !kernel.CanProxy ? "unsupported" : kernel.HasProxy ? "present" : "absent";

    public IEnumerable<Problem> Problems(MeshNode self) => kernel.CanProxy
        ? []
        : [new(self.Cluster, $"Node {self.Name}", "", "its kernel has no sk_lookup (BPF_PROG_TYPE_SK_LOOKUP, since 5.9): connections cannot be given to a proxy", "L7 services are balanced as any other, and what L7 policy is about is refused")];

    public async Task RunAsync(CancellationToken stop)
    {
        if (!kernel.CanProxy) return;
        var had = false;
        using var timer = new PeriodicTimer(s_period, time);
        do
        {
            var has = kernel.HasProxy;
            if (has == had) continue;
            had = has;
            if (has) LogCame();
            else LogWent();
        }
        while (await timer.WaitForNextTickAsync(stop));
    }

    [LoggerMessage(230, LogLevel.Information, "data path: a proxy takes connections")]
    private partial void LogCame();

    [LoggerMessage(231, LogLevel.Warning, "data path: no proxy takes connections any more: L7 services are balanced as any other, and what L7 policy is about is refused")]
    private partial void LogWent();
}
