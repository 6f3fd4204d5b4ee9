using ClusterMesh.Bpf;
using ClusterMesh.Bpf.Services;
using ClusterMesh.Mesh;

namespace ClusterMesh.Agent.LoadBalancing;

/// <summary>Writes the frontends that differ, and remembers those that wait and those that the kernel refused. One thread at a time.</summary>
internal sealed class TableWriter(ServiceTable table, string cluster)
{
    private readonly HashSet<Frontend> _restored = [.. table.Current.Keys];
    private readonly Dictionary<Frontend, BpfException> _failed = [];
    private bool _inSync;

    /// <summary>To be looked at by the next <see cref="Write"/>.</summary>
    public HashSet<Frontend> Touched { get; } = [];

    public bool HasFailed => _failed.Count > 0;

    /// <summary>One for each kind of refusal, however many frontends it is about.</summary>
    public IEnumerable<Problem> Problems =>
        from failure in _failed.GroupBy(pair => pair.Value.Errno).OrderBy(failure => failure.Key)
        let first = failure.MinBy(pair => $"{pair.Key}", StringComparer.Ordinal)
        let others = failure.Count() > 1 ? $" and {failure.Count() - 1} others" : ""
        select new Problem(cluster, $"frontend {first.Key}{others}", "", $"the kernel refuses: {first.Value.Message}", "what it has stays, and it is tried again");

    /// <summary>Tries again what failed.</summary>
    public void Retry() => Touched.UnionWith(_failed.Keys);

    public void Write(ServicePlan plan, bool inSync)
    {
        var current = table.Current;
        if (inSync && !_inSync) Touched.UnionWith(current.Keys);
        _inSync |= inSync;
        var steps = Touched.ToLookup(frontend => TableSteps.Of(plan.Wanted(frontend), current.GetValueOrDefault(frontend), _restored.Contains(frontend), _inSync));
        // Room first.
        foreach (var frontend in steps[TableStep.Delete]) Try(frontend, () => table.Delete(frontend));
        foreach (var frontend in steps[TableStep.Set]) Try(frontend, () => table.Set(frontend, plan.Wanted(frontend)!.Model));
        foreach (var frontend in steps[TableStep.Nothing]) _failed.Remove(frontend);
        Touched.Clear();
        if (_inSync) _restored.Clear();
    }

    private void Try(Frontend frontend, Action write)
    {
        try
        {
            write();
            _failed.Remove(frontend);
            _restored.Remove(frontend);
        }
        catch (BpfException e)
        {
            _failed[frontend] = e;
        }
    }
}
