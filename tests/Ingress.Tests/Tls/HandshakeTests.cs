using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClusterMesh.Ingress.Tls;
using ClusterMesh.Tests;
using static ClusterMesh.Ingress.Tests.Tls.Certificates;

namespace ClusterMesh.Ingress.Tests.Tls;

/// <summary>What is read must also serve: real handshakes, over a pipe.</summary>
public sealed class HandshakeTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Secret_WithChain_SendsLeafAndIntermediate(SslProtocols protocol)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var middleKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var leafKey = RSA.Create(2048);
        using var authority = SelfSign(Authority(authorityKey, "root.example"));
        using var middle = Authority(middleKey, "middle.example").Create(authority, From, Until, [1]).CopyWithPrivateKey(middleKey);
        var byMiddle = X509SignatureGenerator.CreateForECDsa(middleKey);
        using var leaf = Request(leafKey, "foo.example").Create(middle.SubjectName, byMiddle, From, Until, [2]);
        var secret = TlsSecretReader.Read(SecretOf("tls", Pem(leaf, middle), leafKey.ExportRSAPrivateKeyPem()));

        var seen = await HandshakeAsync(secret.Certificate!, protocol);

        Assert.Equal([leaf.Thumbprint, middle.Thumbprint], seen);
    }

    [Fact]
    public async Task SelfSigned_ServesAHandshake()
    {
        var certificate = SelfSignedCertificate.Create("gateway.example", new FakeTime());

        Assert.Equal([certificate.Leaf.Thumbprint], await HandshakeAsync(certificate, SslProtocols.Tls13));
        Assert.True(certificate.Leaf.MatchesHostname("gateway.example"));
        Assert.Equal("1.2.840.10045.2.1", certificate.Leaf.GetKeyAlgorithm());
        Assert.InRange(new FakeTime().GetUtcNow(), certificate.NotBefore, certificate.NotAfter);
    }

    /// <summary>Thumbprints of the certificates that the server sent, in order.</summary>
    private static async Task<string[]> HandshakeAsync(ServerCertificate certificate, SslProtocols protocol)
    {
        var (up, down) = (new Pipe(), new Pipe());
        await using var server = new SslStream(new Duplex(up.Reader.AsStream(), down.Writer.AsStream()));
        await using var client = new SslStream(new Duplex(down.Reader.AsStream(), up.Writer.AsStream()));
        string[] seen = [];
        var serving = server.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificate.Context,
            EnabledSslProtocols = protocol,
        });
        await client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "foo.example",
            EnabledSslProtocols = protocol,
            RemoteCertificateValidationCallback = (_, leaf, chain, _) =>
            {
                // The sent ones, without what the client's own stores add.
                seen = [leaf!.GetCertHashString(), .. chain!.ChainPolicy.ExtraStore.Select(one => one.Thumbprint).Where(one => one != leaf.GetCertHashString())];
                return true;
            },
        });
        await serving;
        return seen;
    }

    private static CertificateRequest Authority(ECDsa key, string name)
    {
        var request = Request(key, name);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        return request;
    }

    /// <summary>Reads from one stream, writes to another.</summary>
    private sealed class Duplex(Stream input, Stream output) : Stream
    {
        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            input.ReadAsync(buffer, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            output.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => output.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => input.Read(buffer, offset, count);

        public override void Write(byte[] buffer, int offset, int count) => output.Write(buffer, offset, count);

        public override void Flush() => output.Flush();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
