using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClusterMesh.Ingress.Tests.Routes;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Ingress.Tests.Tls;

/// <summary>Makes certificates and Secrets as users have them.</summary>
internal static class Certificates
{
    public static readonly DateTimeOffset From = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Until = new(2036, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static SecretObject Secret(string name, params string[] hosts)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return SecretOf(name, Pem(SelfSign(Request(key, hosts))), key.ExportPkcs8PrivateKeyPem());
    }

    public static SecretObject SecretOf(string name, string crt, string key) =>
        new(new ObjectMeta(An.Key(name)), SecretObject.TlsType, new Dictionary<string, byte[]>
        {
            ["tls.crt"] = Encoding.UTF8.GetBytes(crt),
            ["tls.key"] = Encoding.UTF8.GetBytes(key),
        });

    /// <summary>The first host is also the common name; no hosts = a certificate without alternative names.</summary>
    public static CertificateRequest Request(AsymmetricAlgorithm key, params string[] hosts)
    {
        var name = new X500DistinguishedName($"CN={(hosts.Length == 0 ? "no one" : hosts[0])}");
        var request = key is RSA rsa
            ? new CertificateRequest(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(name, (ECDsa)key, HashAlgorithmName.SHA256);
        if (hosts.Length == 0)
            return request;
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
            names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        return request;
    }

    public static X509Certificate2 SelfSign(CertificateRequest request) => request.CreateSelfSigned(From, Until);

    public static string Pem(params X509Certificate2[] chain) => string.Join('\n', chain.Select(certificate => certificate.ExportCertificatePem()));
}
