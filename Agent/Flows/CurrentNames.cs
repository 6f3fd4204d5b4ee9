namespace ClusterMesh.Agent.Flows;

/// <summary>Names by the state of the world now: looked up anew soon after something changed, and not for each flow. One thread at a time.</summary>
/// <param name="world">Asked on the thread that asks for names.</param>
internal sealed class CurrentNames(Func<FlowWorld> world, TimeProvider time)
{
    private static readonly TimeSpan s_old = TimeSpan.FromMilliseconds(200);

    private FlowNames? _names;
    private long _at;

    public FlowNames Now()
    {
        if (_names is not null && time.GetElapsedTime(_at) < s_old) return _names;
        var now = world();
        if (_names is null || !now.IsSame(_names.World)) _names = new(now);
        _at = time.GetTimestamp();
        return _names;
    }
}
