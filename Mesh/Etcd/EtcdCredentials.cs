using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClusterMesh.Mesh.Sources.Files;

namespace ClusterMesh.Mesh.Etcd;

/// <summary>
/// The certificates that a config names, read again when the files change. Files that cannot be used, such as a certificate
/// whose key is still being written, leave the last good ones in force.
/// </summary>
internal sealed class EtcdCredentials(EtcdConfig config)
{
    private ImmutableArray<FileStamp?> _seen;
    private string? _problem;
    private X509Certificate2? _own;

    /// <summary>Null for plain http, and for https with nothing of our own.</summary>
    public SslClientAuthenticationOptions? Options { get; private set; }

    /// <summary>Looks at the files. Gives whether <see cref="Options"/> are new.</summary>
    /// <exception cref="EtcdException">They cannot be used, and never could.</exception>
    public bool Refresh()
    {
        if (config.TrustedCaFile is null && config.CertFile is null && config.KeyFile is null)
            return false;
        ImmutableArray<FileStamp?> now = [StampOf(config.TrustedCaFile), StampOf(config.CertFile), StampOf(config.KeyFile)];
        var changed = false;
        if (_seen.IsDefault || !_seen.SequenceEqual(now))
        {
            _seen = now;
            changed = TryLoad();
        }

        return Options is null ? throw new EtcdException(EtcdError.Tls, $"etcd: {_problem}") : changed;
    }

    /// <summary>What is wrong with our own files, for the message of a handshake that failed; null if nothing that we can see.</summary>
    public string? Trouble(DateTimeOffset now)
    {
        if (_problem is not null)
            return $"{_problem}; the files read before stay in use";
        return _own is { } own && own.NotAfter.ToUniversalTime() < now.UtcDateTime
            ? $"our certificate {config.CertFile} ({own.Subject}) expired at {own.NotAfter.ToUniversalTime():u}"
            : null;
    }

    private bool TryLoad()
    {
        try
        {
            (Options, _own) = Load();
            _problem = null;
            return true;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or EtcdException)
        {
            _problem = e.Message;
            return false;
        }
    }

    private (SslClientAuthenticationOptions Options, X509Certificate2? Own) Load()
    {
        var options = new SslClientAuthenticationOptions { AllowTlsResume = false };
        if (config.TrustedCaFile is { } trusted)
            options.CertificateChainPolicy = OnlyTrusting(Read(trusted, "trusted-ca-file", CertificatesOf));
        if (config.CertFile is null && config.KeyFile is null)
            return (options, null);
        if (config.CertFile is not { } cert || config.KeyFile is not { } key)
            throw new EtcdException(EtcdError.Tls, "cert-file and key-file must both be given, or neither");
        var keyPem = Read(key, "key-file", text => text);
        var own = Read(cert, "cert-file", text => X509Certificate2.CreateFromPem(text, keyPem));
        // What follows our certificate in its file are those that lead to the CA.
        options.ClientCertificateContext = SslStreamCertificateContext.Create(own, Read(cert, "cert-file", CertificatesOf), offline: true);
        return (options, own);
    }

    private static X509ChainPolicy OnlyTrusting(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    private static X509Certificate2Collection CertificatesOf(string pem)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(pem);
        return certificates.Count > 0 ? certificates : throw new CryptographicException("there is no certificate in it");
    }

    private static T Read<T>(string path, string field, Func<string, T> parse)
    {
        try
        {
            return parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new EtcdException(EtcdError.Tls, $"{field} {path}: {e.Message}", e);
        }
    }

    private static FileStamp? StampOf(string? path) => path is null ? null : FileStamp.Of(path, follow: true, out _);
}
