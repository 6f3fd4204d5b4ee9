using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClusterMesh.Cli.Bootstrap;

/// <summary>Who a certificate is for: the common name is the user that etcd takes a client for, the rest is what a server is reached by.</summary>
internal sealed record CertificateNames(string CommonName, ImmutableArray<string> DnsNames, ImmutableArray<IPAddress> Addresses)
{
    public static CertificateNames Of(X509Certificate2 certificate)
    {
        var names = Alternatives(certificate);
        return new(
            certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false),
            [.. names?.EnumerateDnsNames() ?? []],
            [.. names?.EnumerateIPAddresses() ?? []]);
    }

    public override string ToString() =>
        string.Join(", ", [$"CN {CommonName}", .. DnsNames.Select(name => $"DNS {name}"), .. Addresses.Select(address => $"IP {address}")]);

    private static X509SubjectAlternativeNameExtension? Alternatives(X509Certificate2 certificate)
    {
        try
        {
            return certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
