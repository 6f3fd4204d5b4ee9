using ClusterMesh.Mesh.Telemetry;

namespace ClusterMesh.Mesh.Wire.Flows;

/// <summary>Requests that are not told one by one, added up by kind and bucket, so that the agent's series stay whole. Any thread.</summary>
internal sealed class RequestCounts
{
    public const int Most = 2_048;

    private readonly Lock _lock = new();
    private Dictionary<(RequestKind Kind, int Bucket), (long Count, TimeSpan Latency)> _counts = [];

    public bool IsEmpty
    {
        get
        {
            lock (_lock) return _counts.Count == 0;
        }
    }

    /// <returns>False: there is no room for another kind.</returns>
    public bool TryAdd(in RequestKind kind, TimeSpan latency)
    {
        var key = (kind, RequestDurations.Bucket(latency));
        lock (_lock)
        {
            if (!_counts.TryGetValue(key, out var sum) && _counts.Count >= Most) return false;
            _counts[key] = (sum.Count + 1, sum.Latency + latency);
            return true;
        }
    }

    public IEnumerable<RequestCount> Take()
    {
        lock (_lock)
        {
            if (_counts.Count == 0) return [];
            var taken = _counts;
            _counts = [];
            return taken.Select(pair => new RequestCount(pair.Key.Kind, pair.Value.Count, pair.Value.Latency));
        }
    }
}
