using ClusterMesh.Ingress.Tls;
using ClusterMesh.Tests;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Ingress.Tests.Tls;

public sealed class CertificateTableTests
{
    private static readonly CertificateTable Table = new(
        [Entry("foo.com"), Entry("*.foo.com"), Entry("a.foo.com"), Entry("*.b.foo.com")], SelfSignedCertificate.Create("default.example", new FakeTime()));

    [Theory]
    [InlineData("foo.com", "foo.com")]
    [InlineData("FOO.com", "foo.com")]
    [InlineData("a.foo.com", "a.foo.com")]
    [InlineData("x.foo.com", "*.foo.com")]
    [InlineData("X.FOO.COM", "*.foo.com")]
    [InlineData("x.b.foo.com", "*.b.foo.com")]
    [InlineData("x.a.foo.com", null)]
    [InlineData("bar.com", null)]
    [InlineData("com", null)]
    [InlineData(".foo.com", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Find_ServerName_IsExactThenOneLabelThenNone(string? serverName, string? host)
    {
        var expected = Table.Entries.SingleOrDefault(entry => entry.Host == host)?.Certificate;

        Assert.Same(expected, Table.Find(serverName));
    }

    [Fact]
    public void Empty_FindsNothing()
    {
        Assert.Null(CertificateTable.Empty.Find("foo.com"));
        Assert.Null(CertificateTable.Empty.Default);
        Assert.Empty(CertificateTable.Empty.Entries);
    }

    private static CertificateEntry Entry(string host)
    {
        var certificate = SelfSignedCertificate.Create(host, new FakeTime());
        return new(host, new ObjectKey("default", "tls"), certificate.NotAfter, certificate);
    }
}
