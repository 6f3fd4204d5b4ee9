using ClusterMesh.Agent.Datapath;
using ClusterMesh.Agent.Datapath.Policy;
using ClusterMesh.Bpf.Connections;
using ClusterMesh.Bpf.Contract;

namespace ClusterMesh.Agent.Admin;

/// <summary>How full the kernel's maps are, without reading them.</summary>
/// <param name="swept">What the last sweep of connections found; null before the first.</param>
internal sealed class MapUse(NodeDatapath datapath, Func<ConnectionSweep?> swept)
{
    public IEnumerable<(string Name, long Entries, Limits Capacity)> Read()
    {
        var services = datapath.Kernel.Services.Use;
        return
        [
            ("endpoints", datapath.Endpoints.Count, Limits.MaxEndpoints),
            ("ipcache", datapath.Policies.AddressCount, Limits.MaxIpcache),
            ("nodes", datapath.LastInputs?.Nodes.Others.Sum(node => node.Addresses.Length) ?? 0, Limits.MaxNodes),
            // Each endpoint has one: the fullest is the one to look at.
            ("policy", datapath.Policies.Policies.Where(policy => policy.Key != PolicyFeed.Gateway.Id).Select(policy => policy.Value.Entries.Count()).DefaultIfEmpty().Max(), Limits.MaxPolicyEntries),
            ("connections", swept()?.Live.Values.Sum() ?? 0, Limits.MaxConnections),
            ("frontends", services.Frontends, Limits.MaxFrontends),
            ("backends", services.Backends, Limits.MaxBackends),
            ("slots", services.Slots, Limits.MaxSlots),
        ];
    }
}
