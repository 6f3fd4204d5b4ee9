using ClusterMesh.Agent.Datapath;
using ClusterMesh.Agent.Datapath.Policy;
using ClusterMesh.Bpf.Connections;
using ClusterMesh.Bpf.Contract;

namespace ClusterMesh.Agent.Admin;

/// <summary>How full the kernel's maps are, without reading them.</summary>
/// <param name="swept">What the last sweep of connections found; null before the first.</param>
internal sealed class MapUse(NodeDatapath datapath, Func<ConnectionSweep?> swept)
{
    public static IReadOnlyList<(string Name, Limits Most)> Capacities { get; } =
    [
        ("endpoints", Limits.MaxEndpoints), ("ipcache", Limits.MaxIpcache), ("nodes", Limits.MaxNodes), ("policy", Limits.MaxPolicyEntries),
        ("connections", Limits.MaxConnections), ("frontends", Limits.MaxFrontends), ("backends", Limits.MaxBackends), ("slots", Limits.MaxSlots),
    ];

    public IEnumerable<(string Name, long Entries)> Read()
    {
        var services = datapath.Kernel.Services.Use;
        return
        [
            ("endpoints", datapath.Endpoints.Count),
            ("ipcache", datapath.Policies.AddressCount),
            ("nodes", datapath.LastInputs?.Nodes.Others.Sum(node => node.Addresses.Length) ?? 0),
            // Each endpoint has one: the fullest is the one to look at.
            ("policy", datapath.Policies.Policies.Where(policy => policy.Key != PolicyFeed.Gateway.Id).Select(policy => policy.Value.Entries.Count()).DefaultIfEmpty().Max()),
            ("connections", swept()?.Live.Values.Sum() ?? 0),
            ("frontends", services.Frontends),
            ("backends", services.Backends),
            ("slots", services.Slots),
        ];
    }
}
