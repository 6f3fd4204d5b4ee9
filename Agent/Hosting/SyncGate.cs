using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Agent.Hosting;

/// <summary>
/// A start is not a removal: nothing reaches the proxies before every other cluster has been heard once, or the time for that is
/// over. Otherwise a restart would take the backends of all other clusters away for a moment.
/// </summary>
/// <param name="pass">Gets the snapshots that pass.</param>
internal sealed class SyncGate(Action<MeshSnapshot> pass)
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _heard = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MeshSnapshot? _held;
    private string[]? _expected;

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
                pass(snapshot);
                return;
            }

            _held = snapshot;
            OpenIfHeard();
        }
    }

    /// <summary>The clusters that there are: once they are heard, it opens.</summary>
    public void Expect(IEnumerable<string> clusters)
    {
        lock (_lock)
        {
            _expected = [.. clusters];
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
        if (_held is null || _expected is null) return;
        foreach (var cluster in _held.Clusters.Values.Where(cluster => IsHeard(cluster.State))) _heard.Add(cluster.Name);
        Missing = [.. _expected.Where(name => !_heard.Contains(name))];
        if (Missing.Count == 0) Pass();
    }

    private static bool IsHeard(string state) => state == RemotePhase.Ready.Text() || state == RemotePhase.Degraded.Text();

    private void Pass()
    {
        if (_held is not null) pass(_held);
        _held = null;
        _opened.TrySetResult();
    }
}
