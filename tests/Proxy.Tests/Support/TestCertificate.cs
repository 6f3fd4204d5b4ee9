using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClusterMesh.Proxy.Tests.Support;

/// <summary>One self-made certificate for all listeners of the tests.</summary>
internal static class TestCertificate
{
    public static readonly X509Certificate2 Leaf = Create();

    public static readonly SslStreamCertificateContext Context = SslStreamCertificateContext.Create(Leaf, null, offline: true);

    private static X509Certificate2 Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=clustermesh.test", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
    }
}
