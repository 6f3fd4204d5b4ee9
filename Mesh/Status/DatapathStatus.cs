namespace ClusterMesh.Mesh.Status;

/// <summary>POST /endpoints: puts a pod's network namespace on the mesh. JSON in camelCase.</summary>
/// <param name="Netns">Path of the network namespace, e.g. /run/netns/x; the agent makes the interface in it.</param>
/// <param name="Address">An address of the node's pod range; null: the Pod object's, else the next free one.</param>
/// <param name="Interface">Its name inside; eth0.</param>
public sealed record EndpointRequest(string Namespace, string Pod, string Netns, string? Address = null, string? Interface = null);

/// <summary>GET /endpoints: a pod's port into the mesh. DELETE /endpoints/NAMESPACE/POD removes it.</summary>
/// <param name="Identity">0: not known yet; it is judged as unknown and reserved:init until it is.</param>
/// <param name="State">ready; waiting-for-identity; restoring: found in the pins after a restart and not confirmed yet.</param>
/// <param name="IngressPolicy">none; or how many policies isolate it, by name.</param>
/// <param name="Mtu">Of its interface: the underlay's less the tunnel's 50 bytes, where there is a tunnel.</param>
public sealed record EndpointStatus(
    int Id, string Namespace, string Pod, string Address, uint Identity, IReadOnlyList<string> Labels, string Interface, string Netns, string State,
    IReadOnlyList<string> IngressPolicy, IReadOnlyList<string> EgressPolicy, int Mtu);

/// <summary>GET /bpf/lb: one frontend as it is in the kernel.</summary>
/// <param name="Type">ClusterIP, NodePort, LoadBalancer or ExternalIP.</param>
/// <param name="Why">One sentence of the choice: "affinity local: 2 of 2 healthy in west".</param>
public sealed record FrontendStatus(
    string Frontend, string Protocol, string Namespace, string Service, string Port, string Type, string Affinity, string Why, IReadOnlyList<LbBackendStatus> Backends)
{
    /// <summary>While a proxy takes connections, it balances what pods ask; the backends are what others get, and pods without one.</summary>
    public bool L7 { get; init; }
}

/// <param name="State">active, terminating, not-ready, unreachable (its node does not answer).</param>
/// <param name="Share">0..1 of new connections; 0: takes none.</param>
public sealed record LbBackendStatus(string Cluster, string Address, string State, double Share, string? Node, string? Pod);

/// <summary>GET /bpf/tunnel: a range of pod addresses and how packets go there.</summary>
/// <param name="Via">tunnel, direct or local.</param>
/// <param name="Node">cluster/name.</param>
public sealed record TunnelStatus(string Prefix, string Via, string? Tunnel, string Node, string Cluster);

/// <summary>GET /bpf/ipcache: who an address is.</summary>
public sealed record IpcacheStatus(string Prefix, uint Identity, string? Tunnel, string? Owner);

/// <summary>GET /bpf/policy/ENDPOINT: one entry of its policy map, as the kernel has it.</summary>
/// <param name="Verdict">allow, deny, or redirect: allowed by way of the node's proxy.</param>
/// <param name="Identity">0 = any.</param>
/// <param name="Port">"any", "80/TCP", "8000-8063/TCP", "8/ICMP".</param>
/// <param name="Rule">The rule behind it; null for the ones that the agent adds itself.</param>
public sealed record PolicyEntryStatus(string Direction, string Verdict, uint Identity, IReadOnlyList<string> Labels, string Port, string? Rule);

/// <summary>Whether a node answers probes; part of GET /nodes.</summary>
/// <param name="State">reachable, unreachable, unknown (not probed yet) or local.</param>
/// <param name="Reason">"3 of 3 probes lost since 12:00:01.2".</param>
/// <param name="RttMicroseconds">Of the last answer.</param>
public sealed record NodeHealthStatus(string State, string? Reason, DateTimeOffset Since, long? RttMicroseconds);
