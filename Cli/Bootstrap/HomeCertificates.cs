using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Mesh.Pki;

namespace ClusterMesh.Cli.Bootstrap;

/// <summary>Certificates signed by the CA of a home: NAME.crt and NAME.key, good for both sides of TLS.</summary>
internal static class HomeCertificates
{
    /// <summary>Certificates that end sooner than this are renewed by whoever finds them.</summary>
    public static readonly TimeSpan RenewalMargin = TimeSpan.FromDays(30);

    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>Issues it, or renews it: what is not given is as before.</summary>
    /// <param name="commonName">Null = as before, else the file's name.</param>
    /// <exception cref="BootstrapException"/>
    public static CertificateIssue Issue(
        ClusterHome home, string name, string? commonName, ImmutableArray<string> dnsNames, ImmutableArray<IPAddress> addresses, TimeSpan lifetime, TimeProvider time)
    {
        using var authority = HomeAuthority.Load(home, time);
        var path = home.Certificate(name);
        var before = CertificateFile.Read(path)?.Names;
        var named = !dnsNames.IsEmpty || !addresses.IsEmpty;
        if (before is null && !named && File.Exists(path))
            throw new BootstrapException($"{path} is not a certificate, so its names cannot be kept: delete it, or give --dns or --ip");
        var names = new CertificateNames(commonName ?? before?.CommonName ?? name, named ? dnsNames : before?.DnsNames ?? [], named ? addresses : before?.Addresses ?? []);
        return Sign(authority, names, lifetime, home.Directory, name, time);
    }

    /// <summary>
    /// Makes sure that a client certificate of that common name is in <paramref name="directory"/>, signed by that authority and
    /// good for another while. Null when one is there already.
    /// </summary>
    /// <exception cref="BootstrapException"/>
    public static CertificateIssue? Ensure(CertificateAuthority authority, string directory, string name, string commonName, bool renew, TimeProvider time)
    {
        var before = CertificateFile.Read(PemFiles.Certificate(directory, name));
        var good = before is not null && before.Names.CommonName == commonName && before.NotAfter > time.GetUtcNow() + RenewalMargin
            && before.BelongsTo(PemFiles.Key(directory, name)) && before.IsSignedBy(authority.CertificatePem);
        return good && !renew ? null : Sign(authority, new(commonName, [], []), Lifetime, directory, name, time);
    }

    private static CertificateIssue Sign(CertificateAuthority authority, CertificateNames names, TimeSpan lifetime, string directory, string name, TimeProvider time)
    {
        var order = new CertificateOrder(names.CommonName, lifetime) { DnsNames = names.DnsNames, Addresses = names.Addresses };
        var path = PemFiles.Certificate(directory, name);
        var renewed = File.Exists(path);
        var issued = authority.Issue(order, time);
        HomeFiles.Write(() => PemFiles.Write(directory, name, issued.CertificatePem, issued.KeyPem));
        return new(path, names, issued.NotAfter, renewed, CutShort: issued.NotAfter == authority.NotAfter);
    }
}
