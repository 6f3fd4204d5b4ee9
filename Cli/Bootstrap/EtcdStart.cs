using System.Collections.Immutable;
using System.Net;

namespace ClusterMesh.Cli.Bootstrap;

/// <summary>How a cluster's etcd is started with the files of its home: for people to copy, so nothing is left to fill in.</summary>
internal static class EtcdStart
{
    public static string CommandLine(ClusterHome home, ClusterSettings cluster)
    {
        var endpoint = cluster.Endpoints[0];
        // One member needs a peer address all the same; the port beside the clients' is etcd's own habit.
        var peer = $"http://127.0.0.1:{endpoint.Port + 1}";
        // etcd binds addresses, not names.
        var listen = IPAddress.TryParse(endpoint.IdnHost.Trim('[', ']'), out _) ? EtcdEndpoint.Text(endpoint) : $"https://0.0.0.0:{endpoint.Port}";
        return string.Join(' ',
        [
            "etcd", "--name", cluster.Name, "--data-dir", Quoted(Path.Combine(home.Directory, "etcd-data")),
            "--listen-client-urls", listen, "--advertise-client-urls", EtcdEndpoint.Text(endpoint),
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", $"{cluster.Name}={peer}",
            "--cert-file", Quoted(home.Certificate(ClusterHome.EtcdName)), "--key-file", Quoted(home.Key(ClusterHome.EtcdName)),
            "--trusted-ca-file", Quoted(home.CaCertificate), "--client-cert-auth", "--auto-compaction-retention", "1h",
        ]);
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
        path.All(sign => char.IsAsciiLetterOrDigit(sign) || "/._-+@,".Contains(sign)) ? path : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
