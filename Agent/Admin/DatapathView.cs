using ClusterMesh.Agent.Datapath;
using ClusterMesh.Agent.Datapath.Ipcache;
using ClusterMesh.Agent.Datapath.Nodes;
using ClusterMesh.Agent.Datapath.Policy;
using ClusterMesh.Agent.Endpoints;
using ClusterMesh.Agent.LoadBalancing;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Policy.Rules;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Agent.Admin;

/// <summary>What the data path is and does now, for the admin pages; empty without one.</summary>
internal sealed class DatapathView(NodeDatapath? datapath, ServiceReconciler? services = null)
{
    public IReadOnlyList<EndpointStatus> Endpoints() => [.. datapath?.Endpoints.Values.OrderBy(endpoint => endpoint.Id).Select(Status) ?? []];

    public EndpointStatus Status(PodEndpoint endpoint)
    {
        var policies = datapath!.Policies;
        var known = policies.Endpoints.GetValueOrDefault(endpoint.Pod) is { } resolved && resolved.Endpoint.Id == endpoint.Id ? resolved : ResolvedEndpoint.Unknown(endpoint);
        var policy = policies.Policies.GetValueOrDefault(endpoint.Id);
        // Until it is written again it is whom the kernel knows.
        var left = policies.Left.Contains(endpoint.Id);
        var identity = left && datapath.Kernel.Endpoints.TryGet(endpoint.Key, out var written) ? written.Identity : known.Identity;
        var state = left ? "restoring" : identity == NumericIdentity.Unknown ? "waiting-for-identity" : "ready";
        return new(
            endpoint.Id, endpoint.Pod.Namespace, endpoint.Pod.Name, endpoint.Address.ToString(), identity, Labels(known.Labels), endpoint.Names.Interface, endpoint.Netns, state,
            policy?.Ingress.IsolatedBy ?? [], policy?.Egress.IsolatedBy ?? [], endpoint.Mtu);
    }

    public IReadOnlyList<FrontendStatus> Frontends() => services?.Status() ?? [];

    public IReadOnlyList<TunnelStatus> Tunnels()
    {
        if (datapath?.LastInputs is not { } inputs) return [];
        var rows = new List<TunnelStatus>();
        foreach (var node in inputs.Nodes.Others.Prepend(datapath.Self))
        {
            foreach (var cidr in node.PodCidrs)
            {
                var tunnel = datapath.Kernel.Ipcache.TryGet(new(cidr), out var peer) && !peer.Tunnel.IsNone ? peer.Tunnel.ToString() : null;
                rows.Add(new(cidr.ToString(), ReferenceEquals(node, datapath.Self) ? "local" : tunnel is null ? "direct" : "tunnel", tunnel, node.FullName, node.Cluster));
            }
        }

        return rows;
    }

    public IReadOnlyList<IpcacheStatus> Ipcache()
    {
        if (datapath?.LastInputs is not { } inputs) return [];
        var owners = PrefixOwners.Of(datapath, inputs);
        return
        [
            .. from entry in datapath.Kernel.Ipcache.Read()
               orderby entry.Key.Address.ToString(), entry.Key.Length
               select new IpcacheStatus(entry.Key.Text(), entry.Value.Identity, entry.Value.Tunnel.IsNone ? null : entry.Value.Tunnel.ToString(), owners.GetValueOrDefault(entry.Key)),
        ];
    }

    /// <summary>Null = there is no such endpoint in the kernel.</summary>
    public IReadOnlyList<PolicyEntryStatus>? Policy(ushort endpoint)
    {
        if (datapath?.Kernel.Policies.Read(endpoint) is not { } entries) return null;
        var rules = datapath.Policies.Policies.GetValueOrDefault(endpoint)?.Entries.ToDictionary(entry => KernelPolicy.Of(entry).Key, entry => entry.Origin);
        return
        [
            .. from entry in entries
               orderby entry.Key.Egress, entry.Key.Identity, entry.Key.Length descending, entry.Key.Protocol, entry.Key.Port.Value
               select new PolicyEntryStatus(
                   entry.Key.Egress == Direction.Egress ? "egress" : "ingress", entry.Value.Deny != 0 ? "deny" : entry.Value.ProxyPort.Value != 0 ? "redirect" : "allow", entry.Key.Identity,
                   Labels(datapath.Policies.LabelsOf(entry.Key.Identity) ?? ""), KernelPolicy.Ports(entry.Key).ToString(), rules?.GetValueOrDefault(entry.Key)?.ToString()),
        ];
    }

    private static string[] Labels(string labels) => [.. labels.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(label => label.EndsWith('=') ? label[..^1] : label)];
}
