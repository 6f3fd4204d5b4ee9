using System.Text.Json;
using ClusterMesh.Agent.Network;
using ClusterMesh.Bpf;
using ClusterMesh.Bpf.Contract;

namespace ClusterMesh.Agent.Datapath.Proxy;

/// <summary>
/// The rule and the route by which the stack takes what is marked for the node's proxy. Without them such packets are dropped where they would
/// leave. Looks now and then: others may flush rules.
/// </summary>
internal sealed class ProxyRoutes(TimeProvider time) : IReconciler
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(5);

    private long? _lookedAt;

    public string Name => "proxy routes";

    public void Reconcile(NodeInputs inputs)
    {
        if (_lookedAt is { } at && time.GetElapsedTime(at) < s_look) return;
        Ensure();
        _lookedAt = time.GetTimestamp();
    }

    /// <summary>Before a program marks anything.</summary>
    public static void Ensure() => IpTool.Run(Missing(IpTool.Show("-4", "rule", "show", "priority", $"{HostNetwork.ProxyRulePriority}")));

    /// <summary>Lines for ip; the route costs nothing where it is there.</summary>
    internal static IEnumerable<string> Missing(IEnumerable<JsonElement> rules) =>
        rules.Any(IsOurs) ? [HostNetwork.ProxyRoute] : [HostNetwork.ProxyRoute, $"rule add {HostNetwork.ProxyRule}"];

    private static bool IsOurs(JsonElement rule) =>
        rule.Number("priority") == HostNetwork.ProxyRulePriority && rule.Text("src") == "all" && rule.Text("table") == $"{HostNetwork.ProxyTable}"
        && rule.Text("fwmark") == $"0x{(int)Mark.ToProxy:x}" && rule.Text("fwmask") == $"0x{(int)Mark.Mask:x}";
}
