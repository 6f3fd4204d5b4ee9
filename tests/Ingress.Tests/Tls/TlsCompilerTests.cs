using ClusterMesh.Ingress.Routes;
using ClusterMesh.Ingress.Tests.Routes;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;
using static ClusterMesh.Ingress.Tests.Tls.Certificates;

namespace ClusterMesh.Ingress.Tests.Tls;

public sealed class TlsCompilerTests
{
    [Fact]
    public void Secret_Good_ServesItsHostsAndRedirectsPlainHttp()
    {
        var model = Of([Secret("tls", "foo.example")], An.Ingress("web").Tls("tls", "Foo.example").Rule("foo.example", "/", "web:80").Rule("bar.example", "/", "web:80"));

        var entry = Assert.Single(model.Certificates.Entries);
        Assert.Equal(("foo.example", An.Key("tls"), Until), (entry.Host, entry.Secret, entry.NotAfter));
        Assert.Equal(HttpsRedirect.WhenTls, model.Route("foo.example /").Policy.HttpsRedirect);
        Assert.Equal(HttpsRedirect.Never, model.Route("bar.example /").Policy.HttpsRedirect);
        model.HasNoProblems();
    }

    [Theory]
    [InlineData("ssl-redirect", "false", HttpsRedirect.Never)]
    [InlineData("ssl-redirect", "true", HttpsRedirect.WhenTls)]
    [InlineData("force-ssl-redirect", "true", HttpsRedirect.Always)]
    public void Redirect_WithTls_IsAsAnnotated(string name, string value, HttpsRedirect expected)
    {
        var model = Of([Secret("tls", "foo.example")], An.Ingress("web").With(name, value).Tls("tls", "foo.example").Rule("foo.example", "/", "web:80"));

        Assert.Equal(expected, model.Policy().HttpsRedirect);
    }

    [Fact]
    public void TlsOfOneIngress_RedirectsTheHostsOtherIngressesToo()
    {
        var model = Of(
            [Secret("tls", "*.foo.com")],
            An.Ingress("tls").Tls("tls", "*.foo.com").Rule("*.foo.com", "/", "web:80"), An.Ingress("web").Rule("a.foo.com", "/", "web:80"));

        Assert.Equal(HttpsRedirect.WhenTls, model.Route("a.foo.com /").Policy.HttpsRedirect);
        Assert.Equal(HttpsRedirect.WhenTls, model.Route("*.foo.com /").Policy.HttpsRedirect);
    }

    public static TheoryData<string, string> BrokenSecrets => new()
    {
        { "missing", "no Secret default/missing" },
        { "garbage", "Secret default/garbage has no readable PEM certificate in tls.crt" },
        { "opaque", "Secret default/opaque is of type \"Opaque\"" },
    };

    [Theory]
    [MemberData(nameof(BrokenSecrets))]
    public void Secret_MissingOrGarbage_LeavesTheRouteTheRedirectAndTheOtherHosts(string secret, string reason)
    {
        var model = Of(
            [SecretOf("garbage", "x", "y"), Secret("opaque", "foo.example") with { Type = "Opaque" }, Secret("good", "bar.example")],
            An.Ingress("web").Tls(secret, "foo.example").Tls("good", "bar.example").Rule("foo.example", "/", "web:80").Rule("bar.example", "/", "web:80"));

        Assert.Equal(HttpsRedirect.WhenTls, model.Route("foo.example /").Policy.HttpsRedirect);
        Assert.Equal("web:80=100", model.Route("foo.example /").Split());
        Assert.Null(model.Certificates.Find("foo.example"));
        Assert.NotNull(model.Certificates.Find("bar.example"));
        model.HasOnly("Ingress default/web", "spec.tls[0].secretName", reason, "the default certificate is used");
    }

    [Fact]
    public void Secret_OfAnotherNamespace_IsNotTaken()
    {
        var model = Of([Secret("tls", "foo.example")], An.Ingress("shop/web").Tls("tls", "foo.example").Default("web:80"));

        Assert.Empty(model.Certificates.Entries);
        model.Has("Ingress shop/web", "spec.tls[0].secretName", "no Secret shop/tls", "the default certificate is used");
    }

    [Fact]
    public void EntryWithoutSecret_AsksForTheDefaultCertificate()
    {
        var model = Of([], An.Ingress("web").Tls(null, "foo.example").Rule("foo.example", "/", "web:80"));

        Assert.Empty(model.Certificates.Entries);
        Assert.Equal(HttpsRedirect.WhenTls, model.Policy().HttpsRedirect);
        model.HasNoProblems();
    }

    [Fact]
    public void EntryWithoutHosts_ServesTheNamesOfItsCertificate()
    {
        var model = Of(
            [Secret("tls", "foo.example", "*.foo.com")],
            An.Ingress("web").Tls("tls").Rule("foo.example", "/", "web:80").Rule("bar.example", "/", "web:80").Rule(null, "/", "web:80"));

        Assert.Equal(["foo.example", "*.foo.com"], model.Certificates.Entries.Select(entry => entry.Host));
        Assert.Equal(HttpsRedirect.WhenTls, model.Route("foo.example /").Policy.HttpsRedirect);
        Assert.Equal(HttpsRedirect.Never, model.Route("bar.example /").Policy.HttpsRedirect);
        Assert.Equal(HttpsRedirect.WhenTls, model.Route("* /").Policy.HttpsRedirect);
        model.HasNoProblems();
    }

    [Fact]
    public void EntryWithoutHosts_AndCertificateWithoutNames_ServesTheRulesHosts()
    {
        var model = Of([Secret("tls")], An.Ingress("web").Tls("tls").Rule("foo.example", "/", "web:80").Rule(null, "/", "web:80"));

        Assert.Equal(["foo.example"], model.Certificates.Entries.Select(entry => entry.Host));
        Assert.Equal(HttpsRedirect.WhenTls, model.Route("* /").Policy.HttpsRedirect);
        model.HasOnly("Ingress default/web", "spec.tls[0].secretName", "the certificate in Secret default/tls is not for foo.example", "served all the same");
    }

    [Fact]
    public void EntryWithoutHosts_AndSecretMissing_StillRedirectsTheRulesHosts()
    {
        var model = Of([], An.Ingress("web").Tls("gone").Rule("foo.example", "/", "web:80"));

        Assert.Equal(HttpsRedirect.WhenTls, model.Policy().HttpsRedirect);
    }

    [Fact]
    public void OneHost_TwoSecrets_OldestIngressWins()
    {
        var model = Of(
            [Secret("one", "foo.example"), Secret("two", "foo.example")],
            An.Ingress("a").Born(2).Tls("one", "foo.example").Rule("foo.example", "/a", "web:80"),
            An.Ingress("b").Born(1).Tls("two", "foo.example").Rule("foo.example", "/b", "web:80"));

        Assert.Equal("two", Assert.Single(model.Certificates.Entries).Secret.Name);
        model.HasOnly(
            "Ingress default/a", "spec.tls[0].secretName", "host foo.example already has Secret default/two by the older Ingress default/b", "that one is served");
    }

    [Fact]
    public void OneHost_OneSecretInTwoIngresses_IsNoConflict()
    {
        var model = Of(
            [Secret("one", "foo.example")],
            An.Ingress("a").Tls("one", "foo.example").Rule("foo.example", "/a", "web:80"),
            An.Ingress("b").Tls("one", "foo.example").Rule("foo.example", "/b", "web:80"));

        Assert.Single(model.Certificates.Entries);
        model.HasNoProblems();
    }

    [Fact]
    public void OneHost_OldestsSecretBroken_YoungersServes()
    {
        var model = Of(
            [Secret("two", "foo.example")],
            An.Ingress("a").Born(1).Tls("gone", "foo.example").Rule("foo.example", "/a", "web:80"),
            An.Ingress("b").Born(2).Tls("two", "foo.example").Rule("foo.example", "/b", "web:80"));

        Assert.NotNull(model.Certificates.Find("foo.example"));
    }

    [Theory]
    [InlineData(2037, "expired at 2036-01-01 00:00:00Z")]
    [InlineData(2025, "is not valid before 2026-01-01 00:00:00Z")]
    public void Certificate_NotValidNow_IsServedWithAWarning(int year, string reason)
    {
        var model = Of(
            [Secret("tls", "foo.example")], new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero),
            An.Ingress("web").Tls("tls", "foo.example").Rule("foo.example", "/", "web:80"));

        Assert.NotNull(model.Certificates.Find("foo.example"));
        model.HasOnly("Ingress default/web", "spec.tls[0].secretName", $"the certificate in Secret default/tls {reason}", "served all the same");
    }

    [Fact]
    public void TlsHost_NotADnsName_IsIgnoredAndDoesNotSpread()
    {
        var model = Of([Secret("tls", "foo.example")], An.Ingress("web").Tls("tls", "10.0.0.1").Rule("foo.example", "/", "web:80"));

        Assert.Empty(model.Certificates.Entries);
        Assert.Equal(HttpsRedirect.Never, model.Policy().HttpsRedirect);
        model.HasOnly("Ingress default/web", "spec.tls[0].hosts[0]", "\"10.0.0.1\" is not a DNS name", "this host is ignored");
    }

    [Fact]
    public void Canary_TlsEntries_DoNotCount()
    {
        var model = Of(
            [], An.Ingress("web").Rule("foo.example", "/", "web:80"), An.Ingress("c").Canary("10").Tls("gone", "foo.example").Rule("foo.example", "/", "v2:80"));

        Assert.Equal(HttpsRedirect.Never, model.Policy().HttpsRedirect);
        model.HasNoProblems();
    }

    [Fact]
    public void DefaultSecret_Good_IsTheDefaultCertificate()
    {
        var edge = new Edge { Settings = new IngressSettings { DefaultTlsSecret = new("default", "tls") } };
        edge.Secrets.Add(An.Key("tls"), Secret("tls", "any.example"));

        var model = edge.Compile();

        Assert.Contains("any.example", model.Certificates.Default!.Leaf.Subject);
        Assert.Empty(model.Certificates.Entries);
        model.HasNoProblems();
    }

    [Fact]
    public void DefaultSecret_Missing_IsReported()
    {
        var model = new Edge { Settings = new IngressSettings { DefaultTlsSecret = new("default", "tls") } }.Compile();

        Assert.Null(model.Certificates.Default);
        model.HasOnly("Secret default/tls", "", "the default TLS secret is not there", "a self-signed certificate is used");
    }

    [Fact]
    public void Compile_Again_KeepsTheCertificateUntilItsSecretChanges()
    {
        var edge = new Edge(An.Ingress("web").Tls("tls", "foo.example").Rule("foo.example", "/", "web:80"));
        edge.Secrets[An.Key("tls")] = Secret("tls", "foo.example");
        var compiler = new IngressCompiler(edge.Settings);
        var first = edge.Compile(compiler).Certificates.Find("foo.example");

        Assert.Same(first, edge.Compile(compiler).Certificates.Find("foo.example"));
        edge.Secrets[An.Key("tls")] = Secret("tls", "foo.example");
        var renewed = edge.Compile(compiler).Certificates.Find("foo.example");

        Assert.NotSame(first, renewed);
        Assert.NotNull(renewed);
    }

    private static IngressModel Of(SecretObject[] secrets, params IngressBuilder[] ingresses) => Of(secrets, default, ingresses);

    private static IngressModel Of(SecretObject[] secrets, DateTimeOffset readAt, params IngressBuilder[] ingresses)
    {
        var edge = new Edge(ingresses) { ReadAt = readAt };
        foreach (var secret in secrets)
            edge.Secrets.Add(secret.Key, secret);
        return edge.Compile();
    }
}
