namespace ClusterMesh.Mesh.Clusters.Connection;

/// <summary>Asks the loops of a connection, whichever it is, to list everything once more. Thread-safe.</summary>
internal sealed class ListAgain : IDisposable
{
    private CancellationTokenSource _asked = new();

    public CancellationToken Token => Volatile.Read(ref _asked).Token;

    public void Ask() => Interlocked.Exchange(ref _asked, new()).Cancel();

    public void Dispose() => _asked.Dispose();
}
