using System.Security.Cryptography;
using ClusterMesh.Mesh.Pki;

namespace ClusterMesh.Cli.Bootstrap;

/// <summary>The CA of a cluster's home: ca.crt and ca.key.</summary>
internal static class HomeAuthority
{
    public const string Name = "ca";

    /// <param name="commonName">Null = after the directory.</param>
    /// <param name="force">Replaces a CA that is there: what it signed is worthless from then on.</param>
    /// <exception cref="BootstrapException">There is one already, or the files cannot be written.</exception>
    public static CertificateAuthority Create(ClusterHome home, string? commonName, TimeSpan lifetime, bool force, TimeProvider time)
    {
        foreach (var file in new[] { home.CaCertificate, home.Key(Name) })
        {
            if (File.Exists(file) && !force)
                throw new BootstrapException($"{file} exists and is kept: a new CA makes every certificate that the old one signed worthless; --force replaces it");
        }

        var authority = CertificateAuthority.Create(commonName ?? $"{DirectoryName(home)} mesh CA", lifetime, time);
        HomeFiles.Write(() => PemFiles.Write(home.Directory, Name, authority.CertificatePem, authority.KeyPem));
        return authority;
    }

    /// <exception cref="BootstrapException">There is none, or it cannot be used.</exception>
    public static CertificateAuthority Load(ClusterHome home, TimeProvider time)
    {
        foreach (var file in new[] { home.CaCertificate, home.Key(Name) })
        {
            if (!File.Exists(file))
                throw new BootstrapException($"no {file}: make a CA with `clustermesh ca init {home.Directory}`");
        }

        try
        {
            var authority = CertificateAuthority.Load(HomeFiles.Read(home.CaCertificate), HomeFiles.Read(home.Key(Name)));
            if (authority.NotAfter > time.GetUtcNow()) return authority;
            throw new BootstrapException($"{home.CaCertificate} ended {authority.NotAfter.ToUniversalTime():u}: nothing that it signs would be trusted; make a new one with `clustermesh ca init {home.Directory} --force`");
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new BootstrapException($"{home.CaCertificate} and its key cannot be used: {error.Message}", error);
        }
    }

    private static string DirectoryName(ClusterHome home) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(home.Directory)));
}
