using System.Collections.Immutable;
using ClusterMesh.Mesh.Pki;

namespace ClusterMesh.Cli.Bootstrap;

/// <summary>
/// The files in a home's remotes for one peer: PEER.yaml, which the agents watch for, and what it names: the peer's CA, and our
/// certificate and key.
/// </summary>
internal sealed class RemoteFiles(ClusterHome home, string peer)
{
    public string Yaml { get; } = Path.Combine(home.Remotes, $"{peer}.yaml");

    private string Ca => Path.Combine(home.Remotes, $"{peer}.ca.crt");

    /// <summary>The YAML comes last: who sees it finds all that it names.</summary>
    /// <param name="authority">The peer's: it signs what our readers show there.</param>
    /// <returns>The certificate, where one had to be issued, and whether the YAML is another one now.</returns>
    public (CertificateIssue? Issue, bool Changed) Write(CertificateAuthority authority, string user, ImmutableArray<Uri> endpoints, bool renew, TimeProvider time)
    {
        HomeFiles.Write(() => Directory.CreateDirectory(home.Remotes));
        if (!File.Exists(Ca) || HomeFiles.Read(Ca) != authority.CertificatePem)
            HomeFiles.Write(() => PemFiles.Replace(Ca, authority.CertificatePem, ClusterHome.Readable));
        var issue = HomeCertificates.Ensure(authority, home.Remotes, peer, user, renew, time);
        return (issue, new EtcdClientFile(endpoints, $"{peer}.ca.crt", $"{peer}.crt", $"{peer}.key").Write(Yaml));
    }

    /// <summary>The YAML goes first: nobody connects with half of the files.</summary>
    /// <returns>False when there was nothing.</returns>
    public bool Remove()
    {
        var there = new[] { Yaml, Ca, PemFiles.Certificate(home.Remotes, peer), PemFiles.Key(home.Remotes, peer) }.Where(File.Exists).ToList();
        HomeFiles.Write(() => there.ForEach(File.Delete));
        return there.Count > 0;
    }
}
