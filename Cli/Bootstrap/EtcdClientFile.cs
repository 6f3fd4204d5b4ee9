using System.Collections.Immutable;
using ClusterMesh.Mesh.Pki;

namespace ClusterMesh.Cli.Bootstrap;

/// <summary>Cilium's etcd client file (cilium.md 1.3), with its files named relative to it.</summary>
internal sealed record EtcdClientFile(ImmutableArray<Uri> Endpoints, string TrustedCaFile, string CertFile, string KeyFile)
{
    /// <summary>Leaves a file that says the same alone, as readers watch it. True when it was written.</summary>
    public bool Write(string path)
    {
        var text = $"{ClusterSettings.List("endpoints", Endpoints)}trusted-ca-file: {TrustedCaFile}\ncert-file: {CertFile}\nkey-file: {KeyFile}\n";
        if (File.Exists(path) && HomeFiles.Read(path) == text) return false;
        HomeFiles.Write(() => PemFiles.Replace(path, text, ClusterHome.Readable));
        return true;
    }
}
