using ClusterMesh.Mesh.Hosting;

namespace ClusterMesh.Proxy.Node.Options;

/// <summary>The node proxy's settings.</summary>
internal static class ProxyFlags
{
    public static readonly Flag
        Config = new("config", "FILE", "YAML file with any of these settings, by their names without the dashes"),
        Cluster = new("cluster", "NAME", "name of the own cluster"),
        Node = new("node", "NAME", "name of this node [the host's]"),
        Agent = new("agent", "SOCKET", "the node's agent, its --socket"),
        BpfRoot = new("bpf-root", "DIR", "where the agent pins its maps, its --bpf-root [/sys/fs/bpf/clustermesh]"),
        ClientSource = new("client-source", "on|off", "backends see the client's address in place of the node's [off]"),
        Admin = new("admin", "ADDR:PORT", "admin port; no authentication, so keep it on loopback [127.0.0.1:9903]"),
        AdminSocket = new("admin-socket", "PATH", "the same pages at a Unix socket, for the agent's --proxy-admin [off]"),
        AccessLog = new("access-log", "PATH", "JSON lines to a file, \"-\" for standard output, \"off\" [off]"),
        Otlp = new("otlp", "URL", "OTLP endpoint for traces, metrics and logs, e.g. http://127.0.0.1:4318 [off]"),
        TraceSample = new("trace-sample", "SHARE", "share of new traces that are sampled, 0 to 1 [1]"),
        Inline = new("inline", "on|off", "run socket completions inline [on]"),
        WarmUp = new("warm-up", "TIME", "exercise the code before ready [2s]"),
        DrainTimeout = new("drain-timeout", "TIME", "longest time for open connections at stop, or when a successor has taken over [30s]"),
        MaxConnections = new("max-connections", "N", "open connections; beyond them new ones are the kernel's to balance or refuse [50000]"),
        MaxRequestHeaders = new("max-request-headers", "BYTES", "total size of a request's headers [65536]");

    public static readonly FlagTable Table = new("CLUSTERMESH_PROXY_", Config,
    [
        Config, Cluster, Node, Agent, BpfRoot, ClientSource, Admin, AdminSocket, AccessLog, Otlp, TraceSample, Inline, WarmUp, DrainTimeout, MaxConnections, MaxRequestHeaders,
    ]);
}
