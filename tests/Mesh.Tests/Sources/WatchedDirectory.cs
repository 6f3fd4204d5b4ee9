using System.Collections.Concurrent;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Sources;
using ClusterMesh.Tests;

namespace ClusterMesh.Mesh.Tests.Sources;

/// <summary>A directory that was loaded and is watched, with all that it published.</summary>
internal sealed class WatchedDirectory : IDisposable
{
    private readonly DirectorySource _source;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<ClusterObjects> _published = [];
    private ClusterObjects _last;

    public WatchedDirectory(TempDirectory directory)
    {
        _source = new DirectorySource("west", directory.Path, TimeProvider.System);
        _last = First = _source.Load();
        Watching = _source.WatchAsync(Publish, _stop.Token);
    }

    public ClusterObjects First { get; }

    public ClusterObjects Last => Volatile.Read(ref _last);

    public IReadOnlyCollection<ClusterObjects> Published => _published;

    public Task Watching { get; }

    public IEnumerable<string> Services => Last.Services.Keys.Select(key => key.Name).Order(StringComparer.Ordinal);

    public int? PortOf(string service) => Last.Services.GetValueOrDefault(new ObjectKey("default", service))?.Ports[0].Port;

    public Task SeesAsync(Func<ClusterObjects, bool> condition, string what) => Eventually.TrueAsync(() => condition(Last), what);

    public Task SeesServicesAsync(params string[] names) =>
        Eventually.TrueAsync(() => Services.SequenceEqual(names), $"services are {string.Join(", ", names)}");

    public void Dispose()
    {
        _stop.Cancel();
        _source.Dispose();
        _stop.Dispose();
    }

    private void Publish(ClusterObjects objects)
    {
        _published.Enqueue(objects);
        Volatile.Write(ref _last, objects);
    }
}
