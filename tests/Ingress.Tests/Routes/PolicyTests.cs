using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Ingress.Tests.Routes;

public sealed class PolicyTests
{
    private const string Nginx = "nginx.ingress.kubernetes.io/";

    public static TheoryData<string, string, RoutePolicy> Good => new()
    {
        { "backend-protocol", "HTTPS", new() { Protocol = BackendProtocol.Https } },
        { "backend-protocol", "grpc", new() { Protocol = BackendProtocol.Grpc } },
        { "backend-protocol", " GRPCS ", new() { Protocol = BackendProtocol.Grpcs } },
        { "backend-protocol", "Http", new() },
        { "force-ssl-redirect", "true", new() { HttpsRedirect = HttpsRedirect.Always } },
        { "force-ssl-redirect", "false", new() },
        { "ssl-redirect", "true", new() },
        { "proxy-connect-timeout", "7", new() { ConnectTimeout = TimeSpan.FromSeconds(7) } },
        { "proxy-connect-timeout", "500ms", new() { ConnectTimeout = TimeSpan.FromMilliseconds(500) } },
        { "proxy-read-timeout", "3600", new() { ReadTimeout = TimeSpan.FromHours(1) } },
        { "proxy-read-timeout", "5s", new() { ReadTimeout = TimeSpan.FromSeconds(5) } },
        { "proxy-read-timeout", "99999999999", new() { ReadTimeout = TimeSpan.FromDays(24) } },
        { "request-timeout", "30", new() { RequestTimeout = TimeSpan.FromSeconds(30) } },
        { "request-timeout", "1m30.5s", new() { RequestTimeout = TimeSpan.FromSeconds(90.5) } },
        { "request-timeout", "2h", new() { RequestTimeout = TimeSpan.FromHours(2) } },
        { "request-timeout", "0", new() },
        { "proxy-body-size", "8m", new() { MaxRequestBodyBytes = 8 << 20 } },
        { "proxy-body-size", "1G", new() { MaxRequestBodyBytes = 1 << 30 } },
        { "proxy-body-size", "512k", new() { MaxRequestBodyBytes = 512 << 10 } },
        { "proxy-body-size", "1000", new() { MaxRequestBodyBytes = 1000 } },
        { "proxy-body-size", "0", new() },
        { "load-balance", "round_robin", new() { LoadBalance = new LoadBalance(LoadBalanceKind.RoundRobin) } },
        { "load-balance", "ewma", new() { LoadBalance = new LoadBalance(LoadBalanceKind.PowerOfTwo) } },
        { "load-balance", "p2c", new() { LoadBalance = new LoadBalance(LoadBalanceKind.PowerOfTwo) } },
        { "load-balance", "random", new() { LoadBalance = new LoadBalance(LoadBalanceKind.Random) } },
        { "upstream-hash-by", "$request_uri", Hash(HashKeyKind.Uri) },
        { "upstream-hash-by", "$uri", Hash(HashKeyKind.Path) },
        { "upstream-hash-by", "$http_x_user_id", Hash(HashKeyKind.Header, "x-user-id") },
        { "upstream-hash-by", "$cookie_uid", Hash(HashKeyKind.Cookie, "uid") },
        { "upstream-hash-by", "$arg_key", Hash(HashKeyKind.Query, "key") },
        { "upstream-hash-by", "$remote_addr", Hash(HashKeyKind.ClientAddress) },
        { "upstream-hash-by", "$binary_remote_addr", Hash(HashKeyKind.ClientAddress) },
        { "hash-by", "uri", Hash(HashKeyKind.Uri) },
        { "hash-by", "header:x-user", Hash(HashKeyKind.Header, "x-user") },
        { "hash-by", "cookie:uid", Hash(HashKeyKind.Cookie, "uid") },
        { "hash-by", "client-address", Hash(HashKeyKind.ClientAddress) },
        { "affinity", "cookie", new() { Session = new() } },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void Annotation_Good_IsHonouredUnderBothPrefixes(string name, string value, RoutePolicy expected)
    {
        foreach (var prefix in new[] { "clustermesh.io/", Nginx })
        {
            var model = Edge.Of(An.Ingress("web").With(prefix + name, value).Rule("foo.example", "/", "web:80"));

            Expect.Equal(expected, model.Policy());
            model.HasNoProblems();
        }
    }

    [Theory]
    [InlineData("backend-protocol", "AUTO_HTTP", "is not HTTP, HTTPS, GRPC or GRPCS", "HTTP is used")]
    [InlineData("backend-protocol", "FCGI", "is not HTTP, HTTPS, GRPC or GRPCS", "HTTP is used")]
    [InlineData("ssl-redirect", "maybe", "is not true or false", "true is used")]
    [InlineData("force-ssl-redirect", "maybe", "is not true or false", "false is used")]
    [InlineData("proxy-connect-timeout", "abc", "is not a number of seconds above 0", "5 s is used")]
    [InlineData("proxy-connect-timeout", "0", "is not a number of seconds above 0", "5 s is used")]
    [InlineData("proxy-read-timeout", "-1", "is not a number of seconds above 0", "60 s is used")]
    [InlineData("proxy-read-timeout", "1.5", "is not a number of seconds above 0", "60 s is used")]
    [InlineData("proxy-read-timeout", "", "is not a number of seconds above 0", "60 s is used")]
    [InlineData("proxy-read-timeout", "5 s", "is not a number of seconds above 0", "60 s is used")]
    [InlineData("request-timeout", "5x", "is not a time such as 30s or 1m30s", "no bound is used")]
    [InlineData("proxy-body-size", "8mb", "is not a size such as 8m, 1g or 0", "no limit is used")]
    [InlineData("proxy-body-size", "-1", "is not a size", "no limit is used")]
    [InlineData("proxy-body-size", "99999999999999g", "is not a size", "no limit is used")]
    [InlineData("proxy-next-upstream-tries", "-2", "is not a number of tries", "3 tries are used")]
    [InlineData("proxy-next-upstream-tries", "many", "is not a number of tries", "3 tries are used")]
    [InlineData("proxy-next-upstream-timeout", "soon", "is not a number of seconds", "no bound is used")]
    [InlineData("proxy-next-upstream", "http_418", "\"http_418\" is no condition", "error timeout is used")]
    [InlineData("load-balance", "least_conn", "is not p2c, ewma, round_robin or random", "the service's own choice is used")]
    [InlineData("upstream-hash-by", "$request_uri$host", "is not $request_uri, $uri", "nothing is hashed")]
    [InlineData("upstream-hash-by", "$cookie_a$arg_b", "is not $request_uri, $uri", "nothing is hashed")]
    [InlineData("upstream-hash-by", "$http_", "is not $request_uri, $uri", "nothing is hashed")]
    [InlineData("hash-by", "host", "is not header:NAME, cookie:NAME, query:NAME, client-address, uri or path", "nothing is hashed")]
    [InlineData("affinity", "ip", "is not cookie", "requests are not bound to backends")]
    public void Annotation_Bad_IsReportedAndTheRouteKeepsTheDefault(string name, string value, string reason, string instead)
    {
        var model = Edge.Of(An.Ingress("web").With(Nginx + name, value).Rule("foo.example", "/", "web:80"));

        Expect.Equal(RoutePolicy.Default, model.Policy());
        Assert.Equal("web:80=100", model.Route("foo.example /").Split());
        var problem = model.HasOnly("Ingress default/web", Nginx + name, reason, instead);
        Assert.Contains($"\"{value}\"", problem.Reason);
    }

    [Fact]
    public void BackendProtocol_Bad_IsHttpWhateverThePortSays()
    {
        var model = new Edge(An.Ingress("web").With("backend-protocol", "FCGI").Rule("foo.example", "/", "app:80"))
            .Service("app", new Mesh.Objects.ServicePort("http", 80, AppProtocol: "https")).Compile();

        Assert.Equal(BackendProtocol.Http, model.Policy().Protocol);
    }

    [Fact]
    public void Hash_BesideLoadBalance_Wins()
    {
        var model = Edge.Of(
            An.Ingress("web").With("load-balance", "random").With("upstream-hash-by", "$uri").With("hash-by", "cookie:a").Rule("foo.example", "/", "web:80"));

        Expect.Equal(Hash(HashKeyKind.Cookie, "a"), model.Policy());
    }

    [Fact]
    public void FirstPrefix_Set_WinsOverTheSecond()
    {
        var model = Edge.Of(
            An.Ingress("web").With(Nginx + "proxy-read-timeout", "7").With("clustermesh.io/proxy-read-timeout", "8").Rule("foo.example", "/", "web:80"));

        Assert.Equal(TimeSpan.FromSeconds(8), model.Policy().ReadTimeout);
    }

    [Fact]
    public void Value_LongAndOfSeveralLines_IsOneShortLineInTheMessage()
    {
        var model = Edge.Of(An.Ingress("web").With("proxy-read-timeout", "a\nb" + new string('x', 5000)).Rule("foo.example", "/", "web:80"));

        var text = Assert.Single(model.Problems).ToString();
        Assert.DoesNotContain('\n', text);
        Assert.InRange(text.Length, 1, 300);
    }

    private static RoutePolicy Hash(HashKeyKind kind, string name = "") =>
        new() { LoadBalance = new LoadBalance(LoadBalanceKind.Hash, new HashKey(kind, name)) };
}

internal static class Expect
{
    /// <summary>Records compare arrays by reference; the printed form shows what differs.</summary>
    public static void Equal(RoutePolicy expected, RoutePolicy actual) => Assert.Equal(Print(expected), Print(actual));

    private static string Print(RoutePolicy policy) => $"{policy} statuses {string.Join(',', policy.Retry.Statuses)}";
}
