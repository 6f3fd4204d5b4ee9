using ClusterMesh.Mesh.Status;
using System.Collections.Immutable;
using System.Threading.Channels;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Routes.Frontends;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Mesh.Services;

/// <summary>
/// The one writer: takes whole values of each cluster, builds the next snapshot aside and hands it on. Changes that arrive
/// while it builds are built together next time.
/// </summary>
public sealed class MeshWriter(string localCluster, Action<MeshSnapshot> apply)
{
    private readonly Channel<Change> _changes = Channel.CreateUnbounded<Change>(new() { SingleReader = true });
    private readonly ServiceMerger _merger = new(localCluster);
    private readonly MeshRoutes _routes = new();
    private ClusterObjects _local = new(localCluster);
    private ImmutableSortedDictionary<string, RemoteObjects> _remotes = ImmutableSortedDictionary.Create<string, RemoteObjects>(StringComparer.Ordinal);
    private ImmutableSortedDictionary<string, ClusterStatus> _views = ImmutableSortedDictionary.Create<string, ClusterStatus>(StringComparer.Ordinal);
    private ImmutableArray<Problem> _reported = [], _problems = [];
    private long _version, _oldest;

    /// <summary>Builds and applies the first snapshot, of what every source read at start. Throws what apply throws.</summary>
    public void Start(ClusterObjects local, params IEnumerable<RemoteObjects> remotes)
    {
        Take(new(local, null, null));
        foreach (var remote in remotes) Take(new(null, remote, null));
        BuildAndApply();
    }

    /// <summary>The own cluster. Never blocks; safe from any thread.</summary>
    public void Publish(ClusterObjects local) => _changes.Writer.TryWrite(new(local, null, null));

    /// <summary>Another cluster. Never blocks; safe from any thread.</summary>
    public void Publish(RemoteObjects remote) => _changes.Writer.TryWrite(new(null, remote, null));

    /// <summary>A cluster is no longer a part of the mesh: its backends go.</summary>
    public void Remove(string cluster) => _changes.Writer.TryWrite(new(null, null, cluster));

    /// <summary>What somebody else than a source found wrong; replaces what was said before.</summary>
    public void Report(ImmutableArray<Problem> problems) => _changes.Writer.TryWrite(new(null, null, null) { Problems = problems });

    /// <summary>Applies changes until stopped. A change that cannot be applied is reported and the last good snapshot stays.</summary>
    public async Task RunAsync(Action<Exception> failed, CancellationToken stop)
    {
        while (await _changes.Reader.WaitToReadAsync(stop))
        {
            while (_changes.Reader.TryRead(out var change)) Take(change);
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

    private void Take(Change change)
    {
        if (change.Local is { } local)
        {
            _local = local;
            _views = _views.SetItem(local.Cluster, ClusterStatuses.Of(local));
        }
        else if (change.Remote is { } remote)
        {
            _remotes = _remotes.SetItem(remote.Cluster, remote);
            _merger.Note(remote);
            _views = _views.SetItem(remote.Cluster, ClusterStatuses.Of(remote));
            if (remote.OldestChange > 0 && (_oldest == 0 || remote.OldestChange < _oldest)) _oldest = remote.OldestChange;
        }
        else if (change.Removed is { } name)
        {
            _remotes = _remotes.Remove(name);
            _views = _views.Remove(name);
        }
        else
        {
            _reported = change.Problems;
        }
    }

    private void BuildAndApply()
    {
        var merged = _merger.Merge(_local, _remotes);
        var oldest = _oldest;
        _oldest = 0;
        ImmutableArray<Problem> problems = [.. _local.Problems, .. _remotes.Values.SelectMany(remote => remote.Manifests?.Problems ?? []), .. _reported, .. merged.Problems];
        var snapshot = new MeshSnapshot(++_version, _local, _views, merged.Services, [])
        {
            Changed = _version == 1 ? default : merged.Changed,
            OldestChange = oldest,
        };
        problems = problems.AddRange(_routes.Compile(snapshot).Problems);
        // The same ones stay the same array: whoever reports them compares no more than that.
        if (!problems.AsSpan().SequenceEqual(_problems.AsSpan())) _problems = problems;
        apply(snapshot with { Problems = _problems });
    }

    private sealed record Change(ClusterObjects? Local, RemoteObjects? Remote, string? Removed)
    {
        public ImmutableArray<Problem> Problems { get; init; } = [];
    }
}
