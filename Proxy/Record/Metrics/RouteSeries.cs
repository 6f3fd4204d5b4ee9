using System.Collections.Concurrent;

namespace ClusterMesh.Proxy.Record.Metrics;

/// <summary>What was counted of one route's requests and attempts. It lives and goes with the route, which bounds how many series there are.</summary>
internal sealed class RouteSeries
{
    public const int TargetBits = 12;

    private readonly Lock _lock = new();
    private volatile TargetLabels[] _targets = [TargetLabels.None];
    private ConcurrentDictionary<ulong, RequestSeries>? _requests;
    private ConcurrentDictionary<ulong, Counter>? _attempts;

    public IEnumerable<KeyValuePair<ulong, RequestSeries>> Requests => Volatile.Read(ref _requests) ?? Enumerable.Empty<KeyValuePair<ulong, RequestSeries>>();

    public IEnumerable<KeyValuePair<ulong, Counter>> Attempts => Volatile.Read(ref _attempts) ?? Enumerable.Empty<KeyValuePair<ulong, Counter>>();

    /// <summary>A target's number, the same for as long as the route lives; a service that turns from canary to primary gets another one.</summary>
    public int Number(string name, Mesh.Routes.TargetModel model)
    {
        var labels = TargetLabels.Of(name, model);
        lock (_lock)
        {
            var known = Array.IndexOf(_targets, labels);
            if (known >= 0) return known;
            if (_targets.Length >> TargetBits != 0) return 0;
            _targets = [.. _targets, labels];
            return _targets.Length - 1;
        }
    }

    public TargetLabels Target(int number) => _targets[number];

    public RequestSeries Request(RequestKey key) => Find(ref _requests, key.Bits);

    public Counter Attempt(AttemptKey key) => Find(ref _attempts, key.Bits);

    // Made on first use: most routes of a large cluster see no requests.
    private static T Find<T>(ref ConcurrentDictionary<ulong, T>? series, ulong key) where T : class, new()
    {
        var known = Volatile.Read(ref series) ?? Interlocked.CompareExchange(ref series, new(concurrencyLevel: 1, capacity: 4), null) ?? Volatile.Read(ref series)!;
        return known.TryGetValue(key, out var found) ? found : known.GetOrAdd(key, static _ => new());
    }
}
