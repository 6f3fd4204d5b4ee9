using System.Collections.Immutable;
using System.Net;

namespace ClusterMesh.Mesh.Pki;

/// <summary>What a certificate is to say.</summary>
/// <param name="Lifetime">Never beyond the authority's own end.</param>
public sealed record CertificateOrder(string CommonName, TimeSpan Lifetime)
{
    public ImmutableArray<string> DnsNames { get; init; } = [];

    public ImmutableArray<IPAddress> Addresses { get; init; } = [];
}

/// <param name="KeyPem">Secret.</param>
public sealed record IssuedCertificate(string CertificatePem, string KeyPem, DateTimeOffset NotAfter)
{
    public override string ToString() => $"certificate until {NotAfter:u}";
}
