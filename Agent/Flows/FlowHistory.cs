using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Agent.Flows;

/// <summary>The last flows, as many as Hubble keeps, and whoever follows them. Any thread.</summary>
internal sealed class FlowHistory(FlowWriter writer, Action<long> lost)
{
    public const int Capacity = 4095, MostFollowers = 32;

    private readonly Lock _lock = new();
    private readonly FlowStatus?[] _ring = new FlowStatus?[Capacity];
    private readonly HashSet<FlowFollower> _followers = [];
    private long _added;

    public int Followers
    {
        get
        {
            lock (_lock) return _followers.Count;
        }
    }

    public void Add(FlowStatus flow)
    {
        lock (_lock)
        {
            _ring[_added++ % Capacity] = flow;
            foreach (var follower in _followers) follower.Offer(flow);
        }
    }

    /// <summary>Those that fit, oldest first.</summary>
    public List<FlowStatus> Read(FlowFilter filter)
    {
        lock (_lock) return Fitting(filter);
    }

    /// <summary>What <see cref="Read"/> gives, and all that comes after it. Null: there are too many followers already.</summary>
    public FlowFollower? Follow(FlowFilter filter)
    {
        lock (_lock)
        {
            if (_followers.Count >= MostFollowers) return null;
            var follower = new FlowFollower(filter, Fitting(filter), writer, lost, Leave);
            _followers.Add(follower);
            return follower;
        }
    }

    private void Leave(FlowFollower follower)
    {
        lock (_lock) _followers.Remove(follower);
    }

    private List<FlowStatus> Fitting(FlowFilter filter)
    {
        var fitting = new List<FlowStatus>();
        for (var at = _added - 1; at >= 0 && at >= _added - Capacity && fitting.Count < filter.Last; at--)
            if (filter.Fits(_ring[at % Capacity]!)) fitting.Add(_ring[at % Capacity]!);
        fitting.Reverse();
        return fitting;
    }
}
