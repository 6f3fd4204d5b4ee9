using System.Collections.Concurrent;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Tests.Sources;
using ClusterMesh.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterMesh.Mesh.Tests.Clusters;

/// <summary>One node's reading of all remotes, from a directory of its own.</summary>
internal sealed class MeshNode : IAsyncDisposable
{
    private readonly TempDirectory _files = new();
    private readonly ConcurrentQueue<RemoteObjects> _published = [];

    /// <param name="cache">Our own etcd, for the mirror.</param>
    public MeshNode(RemoteEtcd? cache = null, RemoteClustersConfig? config = null, params IEnumerable<(string Name, RemoteEtcd Etcd)> remotes)
    {
        foreach (var (name, etcd) in remotes) Connect(name, etcd);
        var whole = (config ?? RemoteFollower.Quick) with { Directory = _files.Path, Node = "n1", Cache = cache?.Config };
        Clusters = new(whole, Open, _published.Enqueue, Removed.Enqueue, TimeProvider.System, new ThreadChance(), NullLogger<RemoteClusters>.Instance);
        Clusters.Start();
    }

    public RemoteClusters Clusters { get; }

    public IReadOnlyCollection<RemoteObjects> Published => _published;

    public ConcurrentQueue<string> Removed { get; } = [];

    public void Connect(string name, RemoteEtcd etcd) => _files.With(name, $"endpoints: [\"{etcd.Process.Endpoint}\"]\n");

    public void Disconnect(string name) => File.Delete(_files.Of(name));

    public RemoteObjects? Of(string cluster) => Clusters.Current.FirstOrDefault(remote => remote.Cluster == cluster);

    public Task IsAsync(string cluster, RemotePhase phase, string? reason = null) =>
        Eventually.TrueAsync(() => Of(cluster)?.Status is { } status && status.Phase == phase && status.Reason?.Contains(reason ?? "", StringComparison.Ordinal) != false, $"{cluster} is {phase} {reason}; it is {Of(cluster)?.Status}", 30);

    public Task ReadsAsync(string cluster, string source) =>
        Eventually.TrueAsync(() => Of(cluster)?.Status is { Phase: RemotePhase.Ready } status && status.Source.StartsWith(source, StringComparison.Ordinal), $"{cluster} is read from {source}; it is {Of(cluster)?.Status}", 30);

    public Task HasServicesAsync(string cluster, params string[] names) =>
        Eventually.TrueAsync(() => Of(cluster)?.Services.Keys.Select(key => key.Name).Order(StringComparer.Ordinal).SequenceEqual(names) == true, $"services of {cluster} are {string.Join(", ", names)}; they are {string.Join(", ", Of(cluster)?.Services.Keys ?? [])}", 30);

    public Task SeesAsync(string cluster, string service) =>
        Eventually.TrueAsync(() => Of(cluster)?.Services.ContainsKey(new("default", service)) == true, $"{cluster} has {service}", 30);

    public async ValueTask DisposeAsync()
    {
        await Clusters.DisposeAsync();
        _files.Dispose();
    }

    private static IEtcdClient Open(EtcdConfig config) => EtcdClient.Open(config with { GiveUp = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromSeconds(5) }, TimeProvider.System);
}
