namespace ClusterMesh.Mesh.Publish.Sync;

/// <summary>Wakes one waiter; many calls before it looks are one.</summary>
public sealed class Signal : IDisposable
{
    private readonly SemaphoreSlim _set = new(0, 1);
    private readonly Lock _lock = new();

    public void Set()
    {
        lock (_lock)
        {
            if (_set.CurrentCount == 0) _set.Release();
        }
    }

    public Task WaitAsync(CancellationToken cancel) => _set.WaitAsync(cancel);

    public void Dispose() => _set.Dispose();
}
