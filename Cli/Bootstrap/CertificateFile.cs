using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClusterMesh.Cli.Bootstrap;

/// <summary>What a certificate's file says.</summary>
/// <param name="Issuer">The common name of who signed it.</param>
internal sealed record CertificateFile(string Path, CertificateNames Names, DateTimeOffset NotBefore, DateTimeOffset NotAfter, string Issuer)
{
    /// <summary>Null when there is none, or what is there is no certificate.</summary>
    /// <exception cref="BootstrapException">It is there and may not be read.</exception>
    public static CertificateFile? Read(string path)
    {
        if (!File.Exists(path)) return null;
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(HomeFiles.Read(path));
            return new(path, CertificateNames.Of(certificate), certificate.NotBefore, certificate.NotAfter, certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Whether that key is its own.</summary>
    public bool BelongsTo(string keyPath)
    {
        if (!File.Exists(keyPath)) return false;
        try
        {
            using var both = X509Certificate2.CreateFromPem(HomeFiles.Read(Path), HomeFiles.Read(keyPath));
            return both.HasPrivateKey;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Whether that authority, not only one of the same name, signed it; its dates do not matter here.</summary>
    public bool IsSignedBy(string authorityPem)
    {
        using var certificate = X509Certificate2.CreateFromPem(HomeFiles.Read(Path));
        using var authority = X509Certificate2.CreateFromPem(authorityPem);
        using var chain = new X509Chain
        {
            ChainPolicy =
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck,
                VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid,
            },
        };
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        return chain.Build(certificate);
    }
}
