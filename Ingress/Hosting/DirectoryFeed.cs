using ClusterMesh.Proxy.Hosting;
using ClusterMesh.Ingress.Options;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Ingress.Hosting;

/// <summary>A gateway on its own: the manifests of all clusters are directories here, merged by a writer of its own.</summary>
internal sealed class DirectoryFeed(string cluster, DirectoryOptions options, TimeProvider time) : ISnapshotFeed
{
    private readonly DirectorySource _own = new(cluster, options.Manifests, time);
    private readonly (DirectorySource Source, SharedServices Shared)[] _peers = [.. options.Peers.Select(peer => (new DirectorySource(peer.Key, peer.Value, time), new SharedServices()))];
    private MeshWriter? _writer;

    public void Start(Action<MeshSnapshot> apply)
    {
        _writer = new(cluster, apply);
        _writer.Start(_own.Load(), _peers.Select(peer => peer.Shared.Of(peer.Source.Load())));
    }

    public IEnumerable<Task> Run(Action<MeshSnapshot> apply, Action<Exception> failed, CancellationToken stop) =>
    [
        _writer!.RunAsync(failed, stop),
        _own.WatchAsync(_writer.Publish, stop),
        .. _peers.Select(peer => peer.Source.WatchAsync(objects => _writer.Publish(peer.Shared.Of(objects)), stop)),
    ];

    public ValueTask DisposeAsync()
    {
        _own.Dispose();
        foreach (var (source, _) in _peers) source.Dispose();
        return ValueTask.CompletedTask;
    }
}
