using ClusterMesh.Agent.Network;
using ClusterMesh.Bpf;
using ClusterMesh.Bpf.Contract;

namespace ClusterMesh.Agent.Datapath.Routes;

/// <summary>The rule by which the node's stack takes what the programs mark for the proxy; looked at now and then, as anybody may flush rules.</summary>
internal sealed class ProxyRoutes(TimeProvider time) : IReconciler
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(5);

    private long? _lookedAt;

    public string Name => "the proxy's route";

    public void Reconcile(NodeInputs inputs)
    {
        if (_lookedAt is { } before && time.GetElapsedTime(before) < s_look) return;
        Ensure();
        _lookedAt = time.GetTimestamp();
    }

    /// <exception cref="NetworkException"/>
    public static void Ensure()
    {
        IpTool.Run(HostNetwork.ProxyRoutes.Where(line => !line.StartsWith("rule ", StringComparison.Ordinal)));
        if (!IsThere()) IpTool.Run(HostNetwork.ProxyRoutes.Where(line => line.StartsWith("rule ", StringComparison.Ordinal)));
    }

    private static bool IsThere() => IpTool.Show("-4", "rule", "show").Any(rule =>
        rule.Text("fwmark") == $"0x{(int)Mark.ToProxy:x}" && rule.Text("table") == $"{HostNetwork.ProxyTable}" && rule.Number("priority") == HostNetwork.ProxyRulePriority);
}
