using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ClusterMesh.Ingress.Tls;

/// <summary>A certificate with its key and its chain, ready for a handshake. Made once, used by many connections, never disposed while shared.</summary>
internal sealed record ServerCertificate(X509Certificate2 Leaf, SslStreamCertificateContext Context)
{
    public DateTimeOffset NotAfter { get; } = new(Leaf.NotAfter.ToUniversalTime());

    public DateTimeOffset NotBefore { get; } = new(Leaf.NotBefore.ToUniversalTime());

    public static ServerCertificate Create(X509Certificate2 leaf, X509Certificate2Collection? intermediates) =>
        // Offline: a handshake must never wait for a download that a certificate's fields point to.
        new(leaf, SslStreamCertificateContext.Create(leaf, intermediates, offline: true));
}
