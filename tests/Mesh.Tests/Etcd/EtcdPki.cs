using System.Net;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Pki;
using ClusterMesh.Tests;

namespace ClusterMesh.Mesh.Tests.Etcd;

/// <summary>A directory with a CA, a server's certificate for loopback, and as many clients' as a test asks for.</summary>
internal sealed class EtcdPki : IDisposable
{
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);
    private readonly CertificateAuthority _authority = CertificateAuthority.Create("etcd-ca", s_day, TimeProvider.System);

    public EtcdPki()
    {
        PemFiles.Write(Folder, "ca", _authority.CertificatePem, "");
        var server = _authority.Issue(new CertificateOrder("server", s_day) { Addresses = [IPAddress.Loopback] }, TimeProvider.System);
        PemFiles.Write(Folder, "server", server.CertificatePem, server.KeyPem);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("clustermesh-pki-").FullName;

    public string Ca => PemFiles.Certificate(Folder, "ca");

    public EtcdTls Server => new(Ca, PemFiles.Certificate(Folder, "server"), PemFiles.Key(Folder, "server"));

    /// <summary>Writes the files "client", or others, for the common name, and gives a config that uses them.</summary>
    public EtcdConfig Client(Uri endpoint, string commonName, string files = "client", TimeSpan? lifetime = null)
    {
        Issue(commonName, files, lifetime);
        return new EtcdConfig([endpoint])
        {
            TrustedCaFile = Ca,
            CertFile = PemFiles.Certificate(Folder, files),
            KeyFile = PemFiles.Key(Folder, files),
            Timeout = TimeSpan.FromSeconds(5),
            GiveUp = TimeSpan.FromSeconds(3),
        };
    }

    public void Issue(string commonName, string files = "client", TimeSpan? lifetime = null)
    {
        var certificate = _authority.Issue(new CertificateOrder(commonName, lifetime ?? s_day), TimeProvider.System);
        PemFiles.Write(Folder, files, certificate.CertificatePem, certificate.KeyPem);
    }

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
