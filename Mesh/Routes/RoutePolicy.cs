using System.Collections.Immutable;

namespace ClusterMesh.Mesh.Routes;

/// <summary>How a route forwards: protocol, times, limits, retries, picking. Defaults are ingress-nginx's where it has one (peers.md 2.1).</summary>
public sealed record RoutePolicy
{
    public static readonly RoutePolicy Default = new();

    /// <summary>Between pods, where Cilium's proxy has its own defaults (cilium.md 6): 2 s to connect, 300 s of silence, three tries, also after 5xx.</summary>
    public static readonly RoutePolicy InMesh = new()
    {
        Protocol = BackendProtocol.AsAsked,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        ReadTimeout = TimeSpan.FromSeconds(300),
        Retry = RetryPolicy.Default with { Statuses = [500, 502, 503, 504] },
    };

    /// <summary>Of all times that users write: longer than anybody waits, shorter than what a timer can hold.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    public BackendProtocol Protocol { get; init; } = BackendProtocol.Http;

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time without progress from the backend.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The whole request with all its attempts; null = no bound.</summary>
    public TimeSpan? RequestTimeout { get; init; }

    /// <summary>One attempt, from its start to the last byte of its response; null = no bound.</summary>
    public TimeSpan? AttemptTimeout { get; init; }

    /// <summary>Null = no bound: bodies are streamed, never stored.</summary>
    public long? MaxRequestBodyBytes { get; init; }

    public RetryPolicy Retry { get; init; } = RetryPolicy.Default;

    /// <summary>Null = the service's own choice, else power of two choices.</summary>
    public LoadBalance? LoadBalance { get; init; }

    public SessionCookie? Session { get; init; }

    public HttpsRedirect HttpsRedirect { get; init; }
}

/// <summary>AsAsked: HTTP/2 with prior knowledge for whom it asked so, else HTTP/1.1.</summary>
public enum BackendProtocol { Http, Https, Grpc, Grpcs, AsAsked }

/// <summary>WhenTls: the host has a TLS entry and ssl-redirect is not off.</summary>
public enum HttpsRedirect { Never, WhenTls, Always }

/// <summary>When another backend is tried (proxy-next-upstream).</summary>
/// <param name="Tries">Attempts in all, the first one included.</param>
/// <param name="Statuses">Response statuses that are retried.</param>
/// <param name="Timeout">No new attempt starts after this time; null = no bound.</param>
public sealed record RetryPolicy(
    int Tries,
    bool OnError,
    bool OnTimeout,
    ImmutableArray<int> Statuses,
    bool NonIdempotent = false,
    TimeSpan? Timeout = null)
{
    public static readonly RetryPolicy Default = new(3, OnError: true, OnTimeout: true, []);
}

/// <summary>How one backend of a pool is taken.</summary>
public readonly record struct LoadBalance(LoadBalanceKind Kind, HashKey Key = default);

public enum LoadBalanceKind { PowerOfTwo, RoundRobin, Random, Hash }

/// <summary>affinity: cookie, with ingress-nginx's session-cookie keys.</summary>
public sealed record SessionCookie
{
    public string Name { get; init; } = "INGRESSCOOKIE";

    public string Path { get; init; } = "/";

    public string? Domain { get; init; }

    public string? SameSite { get; init; }

    public bool? Secure { get; init; }

    public TimeSpan? MaxAge { get; init; }

    public TimeSpan? Expires { get; init; }

    /// <summary>Whether a client whose backend fails is bound to the one that answered in its place.</summary>
    public bool ChangeOnFailure { get; init; }

    /// <summary>affinity-canary-behavior: sticky (true) keeps a client on its side of a canary.</summary>
    public bool BindsCanary { get; init; } = true;
}
