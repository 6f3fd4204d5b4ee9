using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClusterMesh.Ingress.Tls;

/// <summary>The certificate of last resort: encrypts, proves nothing.</summary>
internal static class SelfSignedCertificate
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    public static ServerCertificate Create(string name, TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName($"CN=\"{name.Replace("\"", "")}\""), key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));

        // A day back for clients whose clocks lag; long enough that no process outlives it.
        var now = time.GetUtcNow();
        return ServerCertificate.Create(request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10)), null);
    }
}
