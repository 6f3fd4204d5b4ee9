using System.Collections.Immutable;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Clusters.State;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Mesh.Tests.Services;

public sealed class ChangedServicesTests
{
    private static readonly RemoteStatus s_status = RemoteStatus.Configured(DateTimeOffset.UnixEpoch);
    private readonly TakenServices _taken = new();
    private ImmutableDictionary<ObjectKey, RemoteService> _services = ImmutableDictionary<ObjectKey, RemoteService>.Empty;

    [Fact]
    public void Since_PublicationWithDelta_LooksAtThoseKeysOnly()
    {
        var (changed, local) = (new ChangedServices(), Local(3));
        foreach (var i in Enumerable.Range(0, 3)) Put(i, 1);
        Assert.Equal([Key(0), Key(1), Key(2)], Since(changed, local, Publish()).Order());

        Put(1, 2);
        Assert.Equal([Key(1)], Since(changed, local, Publish()));
        // What a delta does not name is not looked at: this one lies.
        _services = _services.SetItem(Key(2), Service(2, 9));
        Assert.Empty(Since(changed, local, Publish()));
    }

    [Fact]
    public void Since_PublicationsThatWereNotMerged_CountTogether()
    {
        var (changed, local) = (new ChangedServices(), Local(3));
        Since(changed, local, Publish());
        Put(0, 1);
        changed.Note(Publish());
        Put(2, 1);

        Assert.Equal([Key(0), Key(2)], Since(changed, local, Publish()).Order());
    }

    [Fact]
    public void Since_PublicationNotSeen_LooksAtAll()
    {
        var (changed, local) = (new ChangedServices(), Local(3));
        Since(changed, local, Publish());
        Put(0, 1);
        Publish();
        Put(2, 1);

        Assert.Equal([Key(0), Key(2)], Since(changed, local, Publish()).Order());
    }

    [Fact]
    public void Merge_AnyOrderOfChanges_IsAsIfMergedAtOnce()
    {
        var chance = new Random(20);
        var (merger, local) = (new ServiceMerger("w"), Local(8));
        for (var round = 0; round < 400; round++)
        {
            for (var change = chance.Next(4); change > 0; change--)
            {
                if (chance.Next(3) == 0) Delete(chance.Next(12));
                else Put(chance.Next(12), chance.Next(50));
            }

            if (chance.Next(20) == 0) _taken.Note(null);
            if (chance.Next(20) == 0) local = Local(4 + chance.Next(8));
            var now = Publish();
            merger.Note(now);
            if (chance.Next(3) == 0) continue;
            var remotes = Remotes(now);
            Assert.Equal(Text(new ServiceMerger("w").Merge(local, remotes)), Text(merger.Merge(local, remotes)));
        }
    }

    private static HashSet<ObjectKey> Since(ChangedServices changed, ClusterObjects local, RemoteObjects remote) => changed.Since(local, Remotes(remote), out _);

    private static ImmutableSortedDictionary<string, RemoteObjects> Remotes(RemoteObjects remote) =>
        ImmutableSortedDictionary.Create<string, RemoteObjects>(StringComparer.Ordinal).Add(remote.Cluster, remote);

    private static string Text(MergedServices merged) => string.Join('\n', merged.Services.OrderBy(pair => pair.Key).Select(pair =>
        $"{pair.Key}: {string.Join(' ', pair.Value.Ports[0].Backends.Select(backend => backend.Authority))}"));

    private static ObjectKey Key(int number) => new("default", $"s{number}");

    private static ClusterObjects Local(int services) => new("w")
    {
        Services = Enumerable.Range(0, services).Select(i => new ServiceObject(
            new(Key(i)) { Annotations = new Dictionary<string, string> { ["service.cilium.io/global"] = "true" } }, [new("http", 80)])).ToDictionary(service => service.Key),
    };

    private static RemoteService Service(int number, int value) => new(Key(number), [new("http", "TCP", [new("e", $"10.2.{number}.{value}", 80)])]);

    private RemoteObjects Publish() => new("e", s_status) { Services = _services, ServicesDelta = _taken.Take(_services) };

    private void Put(int number, int value)
    {
        _services = _services.SetItem(Key(number), Service(number, value));
        _taken.Note([Key(number)]);
    }

    private void Delete(int number)
    {
        _services = _services.Remove(Key(number));
        _taken.Note([Key(number)]);
    }
}
