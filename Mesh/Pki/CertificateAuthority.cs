using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClusterMesh.Mesh.Pki;

/// <summary>
/// A certificate authority of one mesh or one cluster: P-256, made and used with .NET's own X.509, so that no openssl is needed.
/// etcd takes the common name of a client certificate for its user (cilium.md 1.3).
/// </summary>
public sealed class CertificateAuthority : IDisposable
{
    private readonly X509Certificate2 _certificate;

    private CertificateAuthority(X509Certificate2 certificate) => _certificate = certificate;

    /// <summary>PEM of the certificate alone: what others trust.</summary>
    public string CertificatePem => _certificate.ExportCertificatePem();

    /// <summary>PEM of the private key (PKCS#8). Secret.</summary>
    public string KeyPem => _certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();

    public string Name => _certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);

    public DateTimeOffset NotAfter => _certificate.NotAfter;

    /// <summary>A new self-signed authority, valid from a minute ago.</summary>
    public static CertificateAuthority Create(string name, TimeSpan lifetime, TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(DistinguishedName(name), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = time.GetUtcNow();
        return new(request.CreateSelfSigned(now.AddMinutes(-1), now + lifetime));
    }

    /// <exception cref="CryptographicException">The certificate or its key cannot be read, or do not belong together.</exception>
    public static CertificateAuthority Load(string certificatePem, string keyPem) => new(X509Certificate2.CreateFromPem(certificatePem, keyPem));

    /// <summary>A new key with a certificate that is good for both sides of TLS.</summary>
    public IssuedCertificate Issue(CertificateOrder order, TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(DistinguishedName(order.CommonName), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        if (Names(order) is { } names) request.CertificateExtensions.Add(names);
        var now = time.GetUtcNow();
        var end = now + order.Lifetime < NotAfter ? now + order.Lifetime : NotAfter;
        // An end in the past is for those who try out what an expired certificate does.
        var start = end < now ? end.AddMinutes(-1) : now.AddMinutes(-1);
        using var certificate = request.Create(_certificate, start < _certificate.NotBefore ? _certificate.NotBefore : start, end, RandomNumberGenerator.GetBytes(16));
        return new(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), end);
    }

    public void Dispose() => _certificate.Dispose();

    private static X500DistinguishedName DistinguishedName(string commonName)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(commonName);
        return name.Build();
    }

    private static X509Extension? Names(CertificateOrder order)
    {
        if (order.DnsNames.IsEmpty && order.Addresses.IsEmpty) return null;
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in order.DnsNames) names.AddDnsName(name);
        foreach (var address in order.Addresses) names.AddIpAddress(address);
        return names.Build();
    }
}
