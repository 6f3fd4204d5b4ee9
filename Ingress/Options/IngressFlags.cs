using ClusterMesh.Mesh.Hosting;

namespace ClusterMesh.Ingress.Options;

/// <summary>The gateway's settings.</summary>
internal static class IngressFlags
{
    public static readonly Flag
        Config = new("config", "FILE", "YAML file with any of these settings, by their names without the dashes"),
        Cluster = new("cluster", "NAME", "name of the own cluster"),
        Manifests = new("manifests", "DIR", "the own cluster's Kubernetes manifests"),
        Peer = new("peer", "NAME=DIR", "another cluster and its manifests", Many: true),
        Agent = new("agent", "SOCKET", "have the objects of all clusters from the node's agent, in place of --manifests and --peer"),
        State = new("state", "DIR", "with --agent: keep the last good snapshot here, to start from when no agent answers; it holds TLS keys [off]"),
        Mesh = new("mesh", "on|off", "with --agent: backends see the identity ingress, and policies are asked who may come in and where requests may go; needs CAP_NET_ADMIN, CAP_BPF and the agent's maps [off]"),
        Node = new("node", "NAME", "with --mesh: name of this node [the host's]"),
        BpfRoot = new("bpf-root", "DIR", "with --mesh: where the agent pins its maps, its --bpf-root [/sys/fs/bpf/clustermesh]"),
        Http = new("http", "ADDR:PORT", "listen for HTTP/1.1 and HTTP/2 with prior knowledge", Many: true),
        Https = new("https", "ADDR:PORT", "listen for TLS, HTTP/1.1 and HTTP/2", Many: true),
        Admin = new("admin", "ADDR:PORT", "admin port; no authentication, so keep it on loopback [127.0.0.1:9901]"),
        AccessLog = new("access-log", "PATH", "JSON lines to a file, \"-\" for standard output, \"off\" [-]"),
        Otlp = new("otlp", "URL", "OTLP endpoint for traces, metrics and logs, e.g. http://127.0.0.1:4318 [off]"),
        TraceSample = new("trace-sample", "SHARE", "share of new traces that are sampled, 0 to 1 [1]"),
        TrustedProxy = new("trusted-proxy", "CIDR", "peers whose X-Forwarded-* are believed", Many: true),
        IngressClass = new("ingress-class", "NAME", "class that is ours without an IngressClass object [clustermesh]"),
        Controller = new("controller", "NAME", "IngressClass controller that is ours [clustermesh.io/ingress-controller]"),
        AnnotationPrefix = new("annotation-prefix", "PREFIX", "prefix of ingress-nginx's annotations [nginx.ingress.kubernetes.io]"),
        DefaultTlsSecret = new("default-tls-secret", "NS/NAME", "certificate for names without their own [self-signed]"),
        Inline = new("inline", "on|off", "run socket completions inline [on]"),
        WarmUp = new("warm-up", "TIME", "exercise the code before ready [2s]"),
        DrainDelay = new("drain-delay", "TIME", "time between not ready and stop [5s]"),
        DrainTimeout = new("drain-timeout", "TIME", "longest time for open requests at stop [30s]"),
        MaxConnections = new("max-connections", "N", "open client connections [50000]"),
        MaxRequestHeaders = new("max-request-headers", "BYTES", "total size of a request's headers [65536]");

    public static readonly FlagTable Table = new("CLUSTERMESH_INGRESS_", Config,
    [
        Config, Cluster, Manifests, Peer, Agent, State, Mesh, Node, BpfRoot, Http, Https, Admin, AccessLog, Otlp, TraceSample, TrustedProxy, IngressClass, Controller, AnnotationPrefix,
        DefaultTlsSecret, Inline, WarmUp, DrainDelay, DrainTimeout, MaxConnections, MaxRequestHeaders,
    ]);
}
