using System.Collections.Immutable;

namespace ClusterMesh.Cli.Inspect;

/// <summary>The steps of an inspection, in their order.</summary>
internal static class InspectSteps
{
    public const string File = "file", Certificate = "certificate", Dns = "dns", Tcp = "tcp", Tls = "tls", Etcd = "etcd", Read = "read", Write = "no write",
        Outside = "no read outside", ClusterConfig = "cluster-config", Heartbeat = "heartbeat", Canaries = "canaries", Contents = "contents";

    public static readonly ImmutableArray<string> All = [File, Certificate, Dns, Tcp, Tls, Etcd, Read, Write, Outside, ClusterConfig, Heartbeat, Canaries, Contents];
}
