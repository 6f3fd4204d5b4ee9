using System.Collections.Concurrent;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Clusters.Connection;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterMesh.Mesh.Tests.Clusters;

/// <summary>A remote cluster that is being read, with all that it published.</summary>
internal sealed class RemoteFollower : IAsyncDisposable
{
    private readonly ConcurrentQueue<RemoteObjects> _published = [];
    private readonly RemoteCluster _remote;
    private RemoteObjects _last;

    public RemoteFollower(EtcdConfig etcd, RemoteClustersConfig? config = null, ClusterIds? ids = null, string cluster = "east", TimeProvider? time = null)
    {
        var context = new RemoteContext(config ?? Quick, ids ?? new(), new(), Read, time ?? TimeProvider.System);
        _remote = new(cluster, new(etcd), context, Connect, Publish, new ThreadChance(), NullLogger.Instance);
        _last = _remote.Current;
        _remote.Start();
    }

    /// <summary>Waits that suit tests.</summary>
    public static RemoteClustersConfig Quick { get; } = new("west", 1, "")
    {
        FirstBackoff = TimeSpan.FromMilliseconds(10),
        LongestBackoff = TimeSpan.FromMilliseconds(100),
        Tick = TimeSpan.FromMilliseconds(20),
        ProgressInterval = TimeSpan.FromMilliseconds(50),
    };

    public BytesRead Read { get; } = new();

    /// <summary>Called with whatever is published, before it counts.</summary>
    public Action<RemoteObjects> Meanwhile { get; set; } = _ => { };

    public RemoteCluster Remote => _remote;

    public IReadOnlyCollection<RemoteObjects> Published => _published;

    public RemoteStatus Status => _remote.Current.Status;

    public RemoteObjects Last => Volatile.Read(ref _last);

    public IEnumerable<string> Services => Last.Services.Keys.Select(key => key.Name).Order(StringComparer.Ordinal);

    public string? AddressOf(string service) => Last.Services.GetValueOrDefault(new ObjectKey("default", service))?.Ports[0].Backends[0].Address;

    public Task IsAsync(RemotePhase phase, string? reason = null) =>
        Eventually.TrueAsync(() => Last.Status.Phase == phase && Last.Status.Reason?.Contains(reason ?? "", StringComparison.Ordinal) != false, $"{phase} {reason}; it is {_remote.Current.Status}", 30);

    public Task HasServicesAsync(params string[] names) =>
        Eventually.TrueAsync(() => Services.SequenceEqual(names), $"services are {string.Join(", ", names)}", 30);

    public Task SeesAsync(Func<RemoteObjects, bool> condition, string what) => Eventually.TrueAsync(() => condition(Last), what, 30);

    public ValueTask DisposeAsync() => _remote.DisposeAsync();

    private static IEtcdClient Connect(EtcdConfig config) => EtcdClient.Open(config, TimeProvider.System);

    private void Publish(RemoteObjects objects)
    {
        Meanwhile(objects);
        _published.Enqueue(objects);
        Volatile.Write(ref _last, objects);
    }
}
