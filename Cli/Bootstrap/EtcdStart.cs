using System.Collections.Immutable;
using System.Net;

namespace ClusterMesh.Cli.Bootstrap;

/// <summary>How a cluster's etcd is started with the files of its home: for people to copy, so nothing is left to fill in.</summary>
internal static class EtcdStart
{
    public static string CommandLine(ClusterHome home, ClusterSettings cluster) =>
        // The port beside the clients' is etcd's own habit.
        $"etcd {string.Join(' ', Arguments(home, cluster, cluster.Endpoints[0].Port + 1).Select(Quoted))} --initial-cluster-token {cluster.Name}-$(date +%s)";

    /// <summary>
    /// Of one member. To them belongs --initial-cluster-token with a word that was never used before: an etcd that lost its data
    /// would else have the cluster id that it had, and readers could not tell that its revisions began anew.
    /// </summary>
    /// <param name="peerPort">One member needs a peer address all the same.</param>
    public static ImmutableArray<string> Arguments(ClusterHome home, ClusterSettings cluster, int peerPort)
    {
        var endpoint = cluster.Endpoints[0];
        var peer = $"http://127.0.0.1:{peerPort}";
        // etcd binds addresses, not names.
        var listen = IPAddress.TryParse(endpoint.IdnHost.Trim('[', ']'), out _) ? EtcdEndpoint.Text(endpoint) : $"https://0.0.0.0:{endpoint.Port}";
        return
        [
            "--name", cluster.Name, "--data-dir", Path.Combine(home.Directory, "etcd-data"),
            "--listen-client-urls", listen, "--advertise-client-urls", EtcdEndpoint.Text(endpoint),
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", $"{cluster.Name}={peer}",
            "--cert-file", home.Certificate(ClusterHome.EtcdName), "--key-file", home.Key(ClusterHome.EtcdName),
            "--trusted-ca-file", home.CaCertificate, "--client-cert-auth", "--auto-compaction-retention", "1h",
        ];
    }

    /// <summary>The server's certificate with every name that an endpoint has.</summary>
    public static string CertificateCommandLine(ClusterHome home, ClusterSettings cluster)
    {
        var names = cluster.Endpoints.Concat(cluster.Advertised).Select(endpoint => endpoint.IdnHost.Trim('[', ']')).Distinct()
            .Select(host => IPAddress.TryParse(host, out _) ? $"--ip {host}" : $"--dns {host}");
        return $"clustermesh cert issue {Quoted(home.Directory)} {ClusterHome.EtcdName} {string.Join(' ', names)}";
    }

    /// <summary>All that is still to be run before the etcd can answer.</summary>
    public static ImmutableArray<string> CommandLines(ClusterHome home, ClusterSettings cluster) =>
        File.Exists(home.Certificate(ClusterHome.EtcdName))
            ? [CommandLine(home, cluster)]
            : [CertificateCommandLine(home, cluster), CommandLine(home, cluster)];

    private static string Quoted(string path) =>
        path.All(sign => char.IsAsciiLetterOrDigit(sign) || "/._-+@,:=".Contains(sign)) ? path : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
