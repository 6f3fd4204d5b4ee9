using ClusterMesh.Agent.Datapath.Nodes;
using ClusterMesh.Mesh;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Agent.Datapath.Proxy;

/// <summary>Whether the node's proxy takes connections, as the programs see it; tells when that changes, and when somebody needs one that is not there.</summary>
/// <param name="can">This kernel can give connections to a proxy.</param>
/// <param name="has">One takes them now.</param>
internal sealed partial class ProxyWatch(bool can, Func<bool> has, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    // One that is started again, or that is full for a moment, is no problem yet.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private bool? _had;
    private long _changedAt;
    private volatile bool _isMissing;

    /// <summary>present, absent, or unsupported: this kernel cannot give it any.</summary>
    public string State => !can ? "unsupported" : has() ? "present" : "absent";

    /// <param name="services">Services are to be balanced by request.</param>
    /// <param name="policies">Policies have HTTP rules.</param>
    public IEnumerable<Problem> Problems(MeshNode self, bool services, bool policies)
    {
        if (!can) yield return Of(self, "its kernel has no sk_lookup (BPF_PROG_TYPE_SK_LOOKUP, since 5.9): connections cannot be given to a proxy", "L7 services are balanced as any other, and what L7 policy is about is refused");
        else if (_isMissing && services) yield return Of(self, "no proxy takes connections, and services are to be balanced by request", "their connections are balanced as any other");
        if (can && _isMissing && policies) yield return Of(self, "no proxy takes connections, and policies of its pods have HTTP rules", "what they are about is refused");
    }

    public async Task RunAsync(CancellationToken stop)
    {
        if (!can) return;
        using var timer = new PeriodicTimer(s_period, time);
        do Look();
        while (await timer.WaitForNextTickAsync(stop));
    }

    internal void Look()
    {
        var there = has();
        if (there != _had)
        {
            if (there) LogCame();
            else if (_had is null) LogNone();
            else LogWent();
            (_had, _changedAt) = (there, time.GetTimestamp());
        }

        _isMissing = !there && time.GetElapsedTime(_changedAt) >= s_patience;
    }

    private static Problem Of(MeshNode self, string reason, string instead) => new(self.Cluster, $"Node {self.Name}", "", reason, instead);

    [LoggerMessage(230, LogLevel.Information, "data path: a proxy takes connections")]
    private partial void LogCame();

    [LoggerMessage(231, LogLevel.Warning, "data path: no proxy takes connections any more: L7 services are balanced as any other, and what L7 policy is about is refused")]
    private partial void LogWent();

    [LoggerMessage(232, LogLevel.Information, "data path: no proxy takes connections yet: L7 services are balanced as any other, and what L7 policy is about is refused")]
    private partial void LogNone();
}
