using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Proxy.Hosting;

/// <summary>Where the gateway has its snapshots from: directories that it reads itself, or the node's agent.</summary>
internal interface ISnapshotFeed : IAsyncDisposable
{
    /// <summary>Applies the first snapshot, as far as there is one without waiting for anybody.</summary>
    /// <exception cref="Mesh.Sources.SourceException">There is nothing to begin with and there will not be.</exception>
    void Start(Action<MeshSnapshot> apply);

    /// <summary>Applies what follows, until stopped; one call of apply at a time.</summary>
    IEnumerable<Task> Run(Action<MeshSnapshot> apply, Action<Exception> failed, CancellationToken stop);
}
