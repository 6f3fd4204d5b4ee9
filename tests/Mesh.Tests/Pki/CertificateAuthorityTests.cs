using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using ClusterMesh.Mesh.Pki;

namespace ClusterMesh.Tests.Pki;

public sealed class CertificateAuthorityTests
{
    private static readonly CertificateAuthority s_authority = CertificateAuthority.Create("mesh", TimeSpan.FromDays(30), TimeProvider.System);

    [Fact]
    public void Issue_ForNamesAndAddresses_ChainsToTheAuthorityAndMatchesThem()
    {
        using var certificate = Certificate(new("etcd", TimeSpan.FromDays(1)) { DnsNames = ["west.mesh"], Addresses = [IPAddress.Loopback] });

        Assert.True(Chains(certificate, s_authority.CertificatePem));
        Assert.True(certificate.MatchesHostname("west.mesh"));
        Assert.True(certificate.MatchesHostname("127.0.0.1"));
        Assert.False(certificate.MatchesHostname("east.mesh"));
        Assert.Equal("etcd", certificate.GetNameInfo(X509NameType.SimpleName, false));
    }

    [Fact]
    public void Issue_ByAnotherAuthorityOfTheSameName_DoesNotChain()
    {
        using var other = CertificateAuthority.Create("mesh", TimeSpan.FromDays(30), TimeProvider.System);
        using var certificate = Certificate(new("etcd", TimeSpan.FromDays(1)));

        Assert.False(Chains(certificate, other.CertificatePem));
    }

    [Fact]
    public void Issue_LongerThanTheAuthority_EndsWithIt()
    {
        Assert.Equal(s_authority.NotAfter, s_authority.Issue(new("x", TimeSpan.FromDays(900)), TimeProvider.System).NotAfter);
    }

    [Fact]
    public void Load_FromItsOwnPem_IssuesForTheSameAuthority()
    {
        using var loaded = CertificateAuthority.Load(s_authority.CertificatePem, s_authority.KeyPem);
        var issued = loaded.Issue(new("x", TimeSpan.FromDays(1)), TimeProvider.System);
        using var certificate = X509Certificate2.CreateFromPem(issued.CertificatePem, issued.KeyPem);

        Assert.True(Chains(certificate, s_authority.CertificatePem));
    }

    [Fact]
    public void Write_OfAKey_IsReadableByItsOwnerOnly()
    {
        var directory = Directory.CreateTempSubdirectory("clustermesh-pki-").FullName;
        try
        {
            var issued = s_authority.Issue(new("x", TimeSpan.FromDays(1)), TimeProvider.System);
            PemFiles.Write(directory, "x", issued.CertificatePem, issued.KeyPem);

            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(PemFiles.Key(directory, "x")));
            Assert.Equal(issued.KeyPem, File.ReadAllText(PemFiles.Key(directory, "x")));
            Assert.DoesNotContain("PRIVATE", issued.ToString());
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static X509Certificate2 Certificate(CertificateOrder order)
    {
        var issued = s_authority.Issue(order, TimeProvider.System);
        return X509Certificate2.CreateFromPem(issued.CertificatePem, issued.KeyPem);
    }

    private static bool Chains(X509Certificate2 certificate, string authorityPem)
    {
        using var root = X509Certificate2.CreateFromPem(authorityPem);
        using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
        chain.ChainPolicy.CustomTrustStore.Add(root);
        return chain.Build(certificate);
    }
}
