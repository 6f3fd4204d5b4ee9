using System.Collections.Immutable;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;
using Google.Protobuf;
using Google.Protobuf.Collections;
using ClusterMesh.Mesh.Wire.Protos;
using Kind = ClusterMesh.Mesh.Wire.Protos.Removed.Types.Kind;

namespace ClusterMesh.Mesh.Wire;

/// <summary>
/// What has to be told to somebody who knows one snapshot so that he knows another: a run of updates of bounded size, of which
/// the last one says so. Values that are the same reference are not told again.
/// </summary>
internal sealed class SnapshotDelta
{
    /// <summary>About the largest size of one message, in bytes: a value over it goes alone.</summary>
    private const int Piece = 1024 * 1024;

    private readonly List<SnapshotUpdate> _updates = [];
    private SnapshotUpdate _open;
    private int _size;

    private SnapshotDelta(MeshSnapshot now, bool full)
    {
        _open = new() { Version = now.Version, Full = full, LocalCluster = now.LocalCluster };
        _updates.Add(_open);
    }

    /// <param name="before">What he knows; null = nothing.</param>
    /// <param name="changed">The services that differ; null = to be found out.</param>
    /// <param name="follower">What he is told besides the services.</param>
    public static IReadOnlyList<SnapshotUpdate> Between(MeshSnapshot? before, MeshSnapshot now, IReadOnlyCollection<ObjectKey>? changed, Follower follower)
    {
        var delta = new SnapshotDelta(now, before is null);
        delta.TellServices(before?.Services, now.Services, changed);
        if (follower.HasFlag(Follower.Edge)) delta.TellEdge(before, now);
        if (follower.HasFlag(Follower.Node)) delta.TellNode(before, now);
        delta.TellViews(before, now);
        delta._open.Last = true;
        return delta._updates;
    }

    private void TellServices(ImmutableDictionary<ObjectKey, ServiceModel>? before, ImmutableDictionary<ObjectKey, ServiceModel> now, IReadOnlyCollection<ObjectKey>? changed)
    {
        if (ReferenceEquals(before, now)) return;
        foreach (var key in before is null ? now.Keys : changed ?? now.Keys.Union(before.Keys))
        {
            var old = before?.GetValueOrDefault(key);
            if (!now.TryGetValue(key, out var service))
            {
                if (old is not null) Remove(Kind.Service, key);
                continue;
            }

            if (ReferenceEquals(old, service)) continue;
            if (!ReferenceEquals(old?.Object, service.Object)) Add(update => update.Services, ObjectEncoding.Encode(service.Object));
            if (old is null || !SameBackends(old, service)) Add(update => update.Backends, BackendEncoding.Encode(service));
        }
    }

    private static bool SameBackends(ServiceModel before, ServiceModel now) =>
        before.Ports.Length == now.Ports.Length && before.Ports.Zip(now.Ports).All(pair => pair.First.Port == pair.Second.Port && pair.First.Backends.Equals(pair.Second.Backends));

    private void TellEdge(MeshSnapshot? before, MeshSnapshot now)
    {
        var (old, local) = (before?.Local, now.Local);
        if (!ReferenceEquals(old?.Ingresses, local.Ingresses)) Tell(old?.Ingresses, local.Ingresses, Kind.Ingress, update => update.Ingresses, ObjectEncoding.Encode);
        if (!ReferenceEquals(old?.IngressClasses, local.IngressClasses)) Tell(old?.IngressClasses, local.IngressClasses, Kind.IngressClass, update => update.IngressClasses, ObjectEncoding.Encode);
        if (!ReferenceEquals(old?.Secrets, local.Secrets)) Tell(old?.Secrets.Values.Where(IsTls), local.Secrets.Values.Where(IsTls), Kind.Certificate, update => update.Certificates, ObjectEncoding.Encode);
    }

    private void TellNode(MeshSnapshot? before, MeshSnapshot now)
    {
        var (old, local) = (before?.Local, now.Local);
        if (!ReferenceEquals(old?.HttpRoutes, local.HttpRoutes)) Tell(old?.HttpRoutes, local.HttpRoutes, Kind.HttpRoute, update => update.HttpRoutes, RouteEncoding.Encode);
        if (!ReferenceEquals(old?.ReferenceGrants, local.ReferenceGrants)) Tell(old?.ReferenceGrants, local.ReferenceGrants, Kind.ReferenceGrant, update => update.ReferenceGrants, RouteEncoding.Encode);
    }

    // No other secret is any business of a proxy.
    private static bool IsTls(SecretObject secret) => secret.Type == SecretObject.TlsType;

    private void Tell<T, TMessage>(IEnumerable<T>? before, IEnumerable<T> now, Kind kind, Func<SnapshotUpdate, RepeatedField<TMessage>> field, Func<T, TMessage> encode)
        where T : KubernetesObject where TMessage : IMessage
    {
        var old = (before ?? []).ToDictionary(item => item.Key);
        foreach (var item in now)
        {
            if (!old.Remove(item.Key, out var same) || !ReferenceEquals(same, item)) Add(field, encode(item));
        }

        foreach (var gone in old.Keys) Remove(kind, gone);
    }

    private void TellViews(MeshSnapshot? before, MeshSnapshot now)
    {
        if (!ReferenceEquals(before?.Clusters, now.Clusters))
        {
            foreach (var view in now.Clusters.Values.Where(view => !ReferenceEquals(before?.Clusters.GetValueOrDefault(view.Name), view))) Add(update => update.Clusters, ViewEncoding.Encode(view));
            foreach (var gone in before?.Clusters.Keys.Where(name => !now.Clusters.ContainsKey(name)) ?? []) Remove(Kind.Cluster, new("", gone));
        }

        if (before is null || !(before.Problems.Equals(now.Problems) || before.Problems.SequenceEqual(now.Problems)))
            Room(0).Problems = new() { Problems = { now.Problems.Select(ViewEncoding.Encode) } };
    }

    private void Remove(Kind kind, ObjectKey key) => Add(update => update.Removed, new Removed { Kind = kind, Namespace = key.Namespace, Name = key.Name });

    private void Add<TMessage>(Func<SnapshotUpdate, RepeatedField<TMessage>> field, TMessage message) where TMessage : IMessage => field(Room(message.CalculateSize())).Add(message);

    private SnapshotUpdate Room(int size)
    {
        if (_size > 0 && _size + size > Piece)
        {
            _updates.Add(_open = new() { Version = _open.Version, LocalCluster = _open.LocalCluster });
            _size = 0;
        }

        _size += size;
        return _open;
    }
}
