using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Wire;

namespace ClusterMesh.Agent.Hosting;

/// <summary>
/// A start is not a removal: nothing reaches the proxies before every other cluster has been heard once, or the time for that is
/// over. Otherwise a restart would take the backends of all other clusters away for a moment.
/// </summary>
internal sealed class SyncGate(SnapshotHub hub)
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _heard = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MeshSnapshot? _held;
    private bool _armed;

    /// <summary>Completes when snapshots pass.</summary>
    public Task Opened => _opened.Task;

    /// <summary>The clusters that are still waited for.</summary>
    public IReadOnlyList<string> Missing { get; private set; } = [];

    /// <summary>Called by the one writer.</summary>
    public void Apply(MeshSnapshot snapshot)
    {
        lock (_lock)
        {
            if (_opened.Task.IsCompleted)
            {
                hub.Apply(snapshot);
                return;
            }

            _held = snapshot;
            OpenIfHeard();
        }
    }

    /// <summary>All remotes that there are have been handed to the writer: from now on it may open.</summary>
    public void Arm()
    {
        lock (_lock)
        {
            _armed = true;
            OpenIfHeard();
        }
    }

    /// <summary>Time is over. Gives what was missing.</summary>
    public IReadOnlyList<string> Open()
    {
        lock (_lock)
        {
            if (!_opened.Task.IsCompleted) Pass();
            return Missing;
        }
    }

    private void OpenIfHeard()
    {
        if (_held is null) return;
        foreach (var cluster in _held.Clusters.Values.Where(cluster => cluster.Local || IsHeard(cluster.State))) _heard.Add(cluster.Name);
        Missing = [.. _held.Clusters.Keys.Where(name => !_heard.Contains(name))];
        if (_armed && Missing.Count == 0) Pass();
    }

    private static bool IsHeard(string state) => state == RemotePhase.Ready.Text() || state == RemotePhase.Degraded.Text();

    private void Pass()
    {
        if (_held is not null) hub.Apply(_held);
        _held = null;
        _opened.TrySetResult();
    }
}
