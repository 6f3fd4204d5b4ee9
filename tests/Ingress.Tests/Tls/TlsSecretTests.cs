using System.Security.Cryptography;
using System.Text;
using ClusterMesh.Ingress.Tls;
using ClusterMesh.Mesh.Objects;
using static ClusterMesh.Ingress.Tests.Tls.Certificates;

namespace ClusterMesh.Ingress.Tests.Tls;

public sealed class TlsSecretTests
{
    public static TheoryData<string> KeyForms => ["RSA PKCS#8", "RSA PKCS#1", "EC PKCS#8", "EC SEC1", "EC SEC1 after its parameters"];

    [Theory]
    [MemberData(nameof(KeyForms))]
    public void Key_OfEveryUsualForm_IsRead(string form)
    {
        using AsymmetricAlgorithm key = form.StartsWith("RSA", StringComparison.Ordinal) ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = form switch
        {
            "RSA PKCS#1" => ((RSA)key).ExportRSAPrivateKeyPem(),
            "EC SEC1" => ((ECDsa)key).ExportECPrivateKeyPem(),
            "EC SEC1 after its parameters" =>
                $"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n{((ECDsa)key).ExportECPrivateKeyPem()}",
            _ => key.ExportPkcs8PrivateKeyPem(),
        };

        var read = TlsSecretReader.Read(SecretOf("tls", Pem(SelfSign(Request(key, "foo.example", "*.foo.example"))), pem));

        Assert.Null(read.Why);
        Assert.True(read.Certificate!.Leaf.HasPrivateKey);
        Assert.Equal(["foo.example", "*.foo.example"], read.Names.Select(name => name.ToString()));
    }

    public static TheoryData<string, string> Broken => new()
    {
        { "no crt", "has no tls.crt" },
        { "no key", "has no tls.key" },
        { "empty key", "has no tls.key" },
        { "garbage crt", "has no readable PEM certificate in tls.crt" },
        { "crt cut off", "has no readable PEM certificate in tls.crt" },
        { "crt of garbage in PEM", "has no readable PEM certificate in tls.crt" },
        { "crt is a key", "has no readable PEM certificate in tls.crt" },
        { "garbage key", "has no readable PEM private key in tls.key" },
        { "key of garbage in PEM", "has a private key in tls.key that does not fit" },
        { "another's key", "has a private key in tls.key that does not fit the certificate in tls.crt" },
        { "key of another kind", "has a private key in tls.key that does not fit the certificate in tls.crt" },
        { "encrypted key", "has an encrypted private key in tls.key" },
        { "type", "is of type \"Opaque\", not kubernetes.io/tls" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Secret_Broken_SaysWhatIsWrongAndNothingOfTheKey(string what, string why)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (crt, pem) = (Pem(SelfSign(Request(key, "foo.example"))), key.ExportPkcs8PrivateKeyPem());

        var read = TlsSecretReader.Read(Break(SecretOf("tls", crt, pem), crt, pem, what));

        Assert.Null(read.Certificate);
        Assert.Contains(why, read.Why);
        Assert.DoesNotContain(pem.Split('\n')[1], read.Why);
    }

    private static SecretObject Break(SecretObject good, string crt, string key, string what)
    {
        const string garbage = "-----BEGIN {0}-----\nAAAA\n-----END {0}-----";
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);
        return what switch
        {
            "no crt" => good with { Values = new Dictionary<string, byte[]> { ["tls.key"] = Encoding.UTF8.GetBytes(key) } },
            "no key" => good with { Values = new Dictionary<string, byte[]> { ["tls.crt"] = Encoding.UTF8.GetBytes(crt) } },
            "empty key" => SecretOf("tls", crt, ""),
            "garbage crt" => SecretOf("tls", "\0\u0001garbage", key),
            "crt cut off" => SecretOf("tls", crt[..(crt.Length / 2)], key),
            "crt of garbage in PEM" => SecretOf("tls", garbage.Replace("{0}", "CERTIFICATE"), key),
            "crt is a key" => SecretOf("tls", key, key),
            "garbage key" => SecretOf("tls", crt, "garbage"),
            "key of garbage in PEM" => SecretOf("tls", crt, garbage.Replace("{0}", "PRIVATE KEY")),
            "another's key" => SecretOf("tls", crt, stranger.ExportPkcs8PrivateKeyPem()),
            "key of another kind" => SecretOf("tls", crt, rsa.ExportPkcs8PrivateKeyPem()),
            "encrypted key" => SecretOf("tls", crt, stranger.ExportEncryptedPkcs8PrivateKeyPem("secret", new(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 10))),
            "type" => good with { Type = "Opaque" },
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
        };
    }
}
