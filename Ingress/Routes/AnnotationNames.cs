using System.Collections.Frozen;

namespace ClusterMesh.Ingress.Routes;

/// <summary>The annotations that are honoured, without their prefix.</summary>
internal static class AnnotationNames
{
    /// <summary>The prefix of the keys that nobody else has.</summary>
    public const string OwnPrefix = "clustermesh.io/";

    public const string Canary = "canary";
    public const string CanaryWeight = "canary-weight";
    public const string CanaryWeightTotal = "canary-weight-total";
    public const string CanaryByHeader = "canary-by-header";
    public const string CanaryByHeaderValue = "canary-by-header-value";
    public const string CanaryByHeaderPattern = "canary-by-header-pattern";
    public const string CanaryByCookie = "canary-by-cookie";
    public const string SplitBy = "split-by";

    public const string BackendProtocol = "backend-protocol";
    public const string SslRedirect = "ssl-redirect";
    public const string ForceSslRedirect = "force-ssl-redirect";
    public const string ProxyConnectTimeout = "proxy-connect-timeout";
    public const string ProxyReadTimeout = "proxy-read-timeout";
    public const string RequestTimeout = "request-timeout";
    public const string ProxyBodySize = "proxy-body-size";
    public const string ProxyNextUpstream = "proxy-next-upstream";
    public const string ProxyNextUpstreamTries = "proxy-next-upstream-tries";
    public const string ProxyNextUpstreamTimeout = "proxy-next-upstream-timeout";

    public const string LoadBalance = "load-balance";
    public const string UpstreamHashBy = "upstream-hash-by";
    public const string HashBy = "hash-by";

    public const string Affinity = "affinity";
    public const string AffinityMode = "affinity-mode";
    public const string AffinityCanaryBehavior = "affinity-canary-behavior";
    public const string SessionCookieName = "session-cookie-name";
    public const string SessionCookiePath = "session-cookie-path";
    public const string SessionCookieDomain = "session-cookie-domain";
    public const string SessionCookieSameSite = "session-cookie-samesite";
    public const string SessionCookieSecure = "session-cookie-secure";
    public const string SessionCookieMaxAge = "session-cookie-max-age";
    public const string SessionCookieExpires = "session-cookie-expires";
    public const string SessionCookieChangeOnFailure = "session-cookie-change-on-failure";

    /// <summary>Steering and weight: what makes a canary, once canary is "true".</summary>
    public static readonly string[] CanaryKeys =
        [CanaryWeight, CanaryWeightTotal, CanaryByHeader, CanaryByHeaderValue, CanaryByHeaderPattern, CanaryByCookie];

    public static readonly string[] SessionCookieKeys =
    [
        SessionCookieName, SessionCookiePath, SessionCookieDomain, SessionCookieSameSite, SessionCookieSecure,
        SessionCookieMaxAge, SessionCookieExpires, SessionCookieChangeOnFailure,
    ];

    /// <summary>On a canary these are the main Ingress' business.</summary>
    public static readonly string[] MainOnly =
    [
        SplitBy, BackendProtocol, SslRedirect, ForceSslRedirect, ProxyConnectTimeout, ProxyReadTimeout, RequestTimeout,
        ProxyBodySize, ProxyNextUpstream, ProxyNextUpstreamTries, ProxyNextUpstreamTimeout,
    ];

    private static readonly FrozenSet<string> Honoured = new[]
    {
        Canary, LoadBalance, UpstreamHashBy, HashBy, Affinity, AffinityMode, AffinityCanaryBehavior,
    }.Concat(CanaryKeys).Concat(SessionCookieKeys).Concat(MainOnly).ToFrozenSet();

    public static bool IsHonoured(string prefix, string name) =>
        Honoured.Contains(name) && (name != SplitBy || prefix == OwnPrefix);
}
