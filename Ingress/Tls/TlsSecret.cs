using System.Collections.Immutable;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Ingress.Tls;

/// <summary>What a Secret turned out to hold: a certificate, or the reason why there is none.</summary>
/// <param name="Names">The hosts that the certificate is for.</param>
internal sealed record TlsSecret(ServerCertificate? Certificate, ImmutableArray<HostMatch> Names, string? Why)
{
    public static TlsSecret Broken(string why) => new(null, [], why);

    public bool IsFor(HostMatch host) => TlsHosts.Covers(Names, host);
}
