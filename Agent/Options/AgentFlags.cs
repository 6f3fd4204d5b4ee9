using ClusterMesh.Mesh.Hosting;

namespace ClusterMesh.Agent.Options;

/// <summary>The agent's settings.</summary>
internal static class AgentFlags
{
    public static readonly Flag
        Config = new("config", "FILE", "YAML file with any of these settings, by their names without the dashes"),
        Cluster = new("cluster", "NAME", "name of the own cluster"),
        ClusterId = new("cluster-id", "N", "its id in the mesh, 1 to 255; never changed later"),
        Node = new("node", "NAME", "name of this node [the machine's]"),
        NodeIp = new("node-ip", "ADDR", "addresses of this node [those of its Node object]", Many: true),
        Manifests = new("manifests", "DIR", "the own cluster's Kubernetes manifests"),
        Etcd = new("etcd", "FILE", "how to reach the own cluster's etcd: endpoints, trusted-ca-file, cert-file, key-file; without it nothing is told to others"),
        Remotes = new("remotes", "DIR", "one such file per other cluster, named after it; watched"),
        RemoteCache = new("remote-cache", "on|off", "one agent mirrors the other clusters into the own etcd, the others read there [on]"),
        RemoteTtl = new("remote-ttl", "TIME", "drop the services of a cluster that has been lost for so long; 0s keeps them [0s]"),
        SyncTimeout = new("sync-timeout", "TIME", "how long a start waits for the other clusters before it goes on without them [1m]"),
        Socket = new("socket", "PATH", "Unix socket for this node's proxies"),
        SocketMode = new("socket-mode", "MODE", "its permissions in octal [600]"),
        ProxyGroup = new("proxy-group", "GID", "number of the group that this node's proxy and gateway run as: it may use the socket, and open the few maps that they need, under --bpf-root [0: root alone]"),
        ProxyAdmin = new("proxy-admin", "PATH", "Unix socket of the admin pages of this node's proxy, which is asked about requests that it would serve [not asked]"),
        Admin = new("admin", "ADDR:PORT", "admin port; no authentication, so keep it on loopback [127.0.0.1:9902]"),
        LeaseTtl = new("lease-ttl", "TIME", "how long what was told stays in etcd without us [15m]"),
        ElectionTtl = new("election-ttl", "TIME", "how soon another agent takes over cluster-wide duties [10s]"),
        Heartbeat = new("heartbeat", "TIME", "time between two heartbeats; after two without one a cluster is degraded [1m]"),
        DefaultGlobalNamespace = new("default-global-namespace", "on|off", "whether a namespace without clustermesh.cilium.io/global takes part [on]"),
        Qps = new("etcd-qps", "N", "writes to etcd per second once the first sync is done [20]"),
        Datapath = new("datapath", "none|ebpf", "what moves packets; none: this agent only tells and learns; ebpf: programs in the kernel, needs root and etcd [none]"),
        Api = new("api", "PATH", "Unix socket, for its owner alone: the admin pages, and those that change something, such as POST /endpoints"),
        State = new("state", "DIR", "what must outlive this agent: which endpoints there are [/var/lib/clustermesh/CLUSTER-NODE]"),
        BpfRoot = new("bpf-root", "DIR", "in a BPF file system; what is in the kernel is pinned there, under CLUSTER-NODE [/sys/fs/bpf/clustermesh]"),
        Device = new("device", "IFACE", "interface to the other nodes [the one with the node's address, else the default route's]"),
        Routing = new("routing", "tunnel|direct|hybrid", "how packets go to other nodes; direct: by the node's routes; hybrid: direct on the same segment, else tunnel [tunnel]"),
        PodCidr = new("pod-cidr", "CIDR", "what the pods of this node get addresses from [its Node object's podCIDR]"),
        ServiceCidr = new("service-cidr", "CIDR", "what ClusterIPs are from, for the node's own traffic to them", Many: true),
        Masquerade = new("masquerade", "on|off", "pods reach what is outside of the mesh by the node's address [on]"),
        ProbePort = new("probe-port", "PORT", "UDP port at which agents ask each other whether their nodes are there, the same on all; with --datapath only; 0: nobody is asked, and no node counts as gone [4240]"),
        ProbeInterval = new("probe-interval", "TIME", "how often each node is asked; one that is silent for three times is gone, and one among more than 500 nodes is asked less often [500ms]"),
        Otlp = new("otlp", "URL", "OTLP endpoint for metrics and logs, e.g. http://127.0.0.1:4318 [off]");

    public static readonly FlagTable Table = new("CLUSTERMESH_AGENT_", Config,
    [
        Config, Cluster, ClusterId, Node, NodeIp, Manifests, Etcd, Remotes, RemoteCache, RemoteTtl, SyncTimeout, Socket, SocketMode, ProxyGroup, ProxyAdmin, Admin, LeaseTtl,
        ElectionTtl, Heartbeat, DefaultGlobalNamespace, Qps, Api, Datapath, BpfRoot, State, Device, Routing, PodCidr, ServiceCidr, Masquerade,
        ProbePort, ProbeInterval, Otlp,
    ]);
}
