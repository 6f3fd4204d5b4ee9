using System.Collections.Immutable;
using System.Threading.Channels;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Mesh.Services;

/// <summary>
/// The one writer: takes whole objects of each cluster, builds the next snapshot aside and hands it on. Changes that arrive
/// while it builds are built together next time.
/// </summary>
public sealed class MeshWriter(string localCluster, Action<MeshSnapshot> apply)
{
    private readonly Channel<ClusterObjects> _changes = Channel.CreateUnbounded<ClusterObjects>(new() { SingleReader = true });
    private readonly ServiceMerger _merger = new(localCluster);
    private ImmutableSortedDictionary<string, ClusterObjects> _clusters = ImmutableSortedDictionary.Create<string, ClusterObjects>(StringComparer.Ordinal);
    private long _version;

    /// <summary>Builds and applies the first snapshot, of what every source read at start. Throws what apply throws.</summary>
    public void Start(IEnumerable<ClusterObjects> clusters)
    {
        _clusters = _clusters.SetItems(clusters.Select(cluster => KeyValuePair.Create(cluster.Cluster, cluster)));
        BuildAndApply();
    }

    /// <summary>Never blocks; safe from any thread.</summary>
    public void Publish(ClusterObjects cluster) => _changes.Writer.TryWrite(cluster);

    /// <summary>Applies changes until stopped. A change that cannot be applied is reported and the last good snapshot stays.</summary>
    public async Task RunAsync(Action<Exception> failed, CancellationToken stop)
    {
        while (await _changes.Reader.WaitToReadAsync(stop))
        {
            while (_changes.Reader.TryRead(out var cluster)) _clusters = _clusters.SetItem(cluster.Cluster, cluster);
            try
            {
                BuildAndApply();
            }
            catch (Exception exception)
            {
                failed(exception);
            }
        }
    }

    private void BuildAndApply()
    {
        var merged = _merger.Merge(_clusters);
        apply(new(++_version, localCluster, _clusters, merged.Services, [.. _clusters.Values.SelectMany(cluster => cluster.Problems), .. merged.Problems]));
    }
}
