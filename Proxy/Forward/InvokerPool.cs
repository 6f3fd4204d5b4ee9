using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Text;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Proxy.Forward;

/// <summary>Connection pools to backends: one handler for each protocol, connect timeout and caller in use.</summary>
internal sealed class InvokerPool(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_unused = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<Key, Entry> _entries = new();

    public int Count => _entries.Count;

    /// <param name="now">TimeProvider timestamp.</param>
    public HttpMessageInvoker Get(RoutePolicy policy, OnBehalf caller, long now)
    {
        var entry = _entries.GetOrAdd(new(policy.Protocol, policy.ConnectTimeout, caller), static key => new(Create(key)));
        entry.Used = now;
        return entry.Invoker;
    }

    /// <summary>Sweeps now and then, until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(s_unused, time);
        while (await timer.WaitForNextTickAsync(stop)) Sweep();
    }

    /// <summary>Lets go of what no caller has used for long. Requests under way on it come to their end: only idle connections are closed.</summary>
    public void Sweep()
    {
        var now = time.GetTimestamp();
        foreach (var (key, entry) in _entries)
        {
            // Routes of the edge keep theirs.
            if (key.Caller != default && time.GetElapsedTime(entry.Used, now) > s_unused && _entries.TryRemove(key, out var gone)) gone.Invoker.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var entry in _entries.Values) entry.Invoker.Dispose();
    }

    private static HttpMessageInvoker Create(Key key)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = key.ConnectTimeout,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
            MaxResponseHeadersLength = 64,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            // As Kestrel reads and writes them (KestrelSetup): one char for each byte, so that the bytes stay what they are.
            RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            // As ingress-nginx (proxy-ssl-verify off): pods seldom have certificates that a gateway could check.
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
        };
        if (key.Caller != default) handler.ConnectCallback = (context, cancel) => MarkedConnection.OpenAsync(key.Caller, context.DnsEndPoint, cancel);
        return new(new SendOnce(handler));
    }

    private readonly record struct Key(BackendProtocol Protocol, TimeSpan ConnectTimeout, OnBehalf Caller);

    private sealed class Entry(HttpMessageInvoker invoker)
    {
        private long _used;

        public HttpMessageInvoker Invoker => invoker;

        public long Used
        {
            get => Volatile.Read(ref _used);
            set => Volatile.Write(ref _used, value);
        }
    }
}
