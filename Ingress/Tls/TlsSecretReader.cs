using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClusterMesh.Ingress.Routes;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Ingress.Tls;

/// <summary>From a Secret's PEM to a certificate. Its messages never repeat what the Secret holds.</summary>
internal static class TlsSecretReader
{
    private const string CertificateKey = "tls.crt";
    private const string PrivateKeyKey = "tls.key";
    private const string AlternativeNames = "2.5.29.17";

    public static TlsSecret Read(SecretObject secret)
    {
        if (secret.Type != SecretObject.TlsType)
            return TlsSecret.Broken($"is of type {ProblemList.Quote(secret.Type)}, not {SecretObject.TlsType}");
        if (!secret.Values.TryGetValue(CertificateKey, out var crt) || crt.Length == 0)
            return TlsSecret.Broken($"has no {CertificateKey}");
        if (!secret.Values.TryGetValue(PrivateKeyKey, out var key) || key.Length == 0)
            return TlsSecret.Broken($"has no {PrivateKeyKey}");
        return Read(Encoding.UTF8.GetString(crt), Encoding.UTF8.GetString(key));
    }

    private static TlsSecret Read(string crt, string key)
    {
        if (!TryReadChain(crt, out var chain))
            return TlsSecret.Broken($"has no readable PEM certificate in {CertificateKey}");
        try
        {
            // Takes PKCS#8, PKCS#1 and SEC1, and refuses a key that is another certificate's.
            var leaf = X509Certificate2.CreateFromPem(crt, key);
            chain.RemoveAt(0);
            return new TlsSecret(ServerCertificate.Create(leaf, chain), NamesOf(leaf), null);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or NotSupportedException or FormatException)
        {
            return TlsSecret.Broken(WhyNoKey(key));
        }
    }

    private static bool TryReadChain(string crt, out X509Certificate2Collection chain)
    {
        chain = [];
        try
        {
            chain.ImportFromPem(crt);
        }
        catch (CryptographicException)
        {
            return false;
        }
        return chain.Count > 0;
    }

    private static string WhyNoKey(string key)
    {
        if (!PemEncoding.TryFind(key, out _))
            return $"has no readable PEM private key in {PrivateKeyKey}";
        return key.Contains("ENCRYPTED", StringComparison.Ordinal)
            ? $"has an encrypted private key in {PrivateKeyKey}, which nobody here can open"
            : $"has a private key in {PrivateKeyKey} that does not fit the certificate in {CertificateKey}";
    }

    private static ImmutableArray<HostMatch> NamesOf(X509Certificate2 leaf)
    {
        var names = leaf.Extensions.FirstOrDefault(extension => extension.Oid?.Value == AlternativeNames) is { } found
            ? new X509SubjectAlternativeNameExtension(found.RawData).EnumerateDnsNames()
            : [leaf.GetNameInfo(X509NameType.DnsName, forIssuer: false)];
        return [.. names.Where(name => name.Length > 0).Select(Parse).OfType<HostMatch>().Distinct()];
    }

    private static HostMatch? Parse(string name) => RuleHost.TryParse(name, out var host) ? host : null;
}
