using ClusterMesh.Mesh.Pki;

namespace ClusterMesh.Cli.Bootstrap;

/// <summary>The directory that holds all that the commands make for one cluster: its CA, certificates, settings and remotes.</summary>
internal sealed record ClusterHome(string Directory)
{
    /// <summary>Certificates made by us: the server's own, the one who may do all, and the agents'.</summary>
    public const string EtcdName = "etcd", RootName = "root", AgentName = "agent";

    public const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public string ClusterFile => Path.Combine(Directory, "cluster.yaml");

    /// <summary>How the cluster's own agents reach its etcd.</summary>
    public string EtcdFile => Path.Combine(Directory, "etcd.yaml");

    public string Remotes => Path.Combine(Directory, "remotes");

    public string CaCertificate => Certificate(HomeAuthority.Name);

    public string Certificate(string name) => PemFiles.Certificate(Directory, name);

    public string Key(string name) => PemFiles.Key(Directory, name);
}
