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

    /// <param name="most">How many requests; those beyond stay for the next time.</param>
    public IReadOnlyList<RequestCount> Take(long most)
    {
        lock (_lock)
        {
            if (_counts.Count == 0) return [];
            var (all, taken) = (_counts, new List<RequestCount>(_counts.Count));
            _counts = [];
            foreach (var (key, (count, latency)) in all)
            {
                var part = new RequestCount(key.Kind, count, latency).Part(most);
                if (part.Count > 0) taken.Add(part);
                if (part.Count < count) _counts.Add(key, (count - part.Count, latency - part.Latency));
                most -= part.Count;
            }

            return taken;
        }
    }
}
