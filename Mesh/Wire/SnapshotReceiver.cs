using ClusterMesh.Mesh.Status;
using System.Collections.Immutable;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Sources;
using ClusterMesh.Mesh.Wire.Protos;
using Kind = ClusterMesh.Mesh.Wire.Protos.Removed.Types.Kind;

namespace ClusterMesh.Mesh.Wire;

/// <summary>
/// Builds snapshots from updates. A run of updates takes effect with its last one or, when the connection breaks before that, not
/// at all. What is told again and did not change stays the same reference. One thread at a time.
/// </summary>
internal sealed class SnapshotReceiver(string cluster, TimeProvider time)
{
    private readonly List<SnapshotUpdate> _run = [];
    private readonly ReceivedServices _services = new();
    private readonly ReceivedObjects<Ingress, IngressObject> _ingresses = new(message => ObjectDecoding.Decode(message), static message => message.Meta);
    private readonly ReceivedObjects<IngressClass, IngressClassObject> _classes = new(message => ObjectDecoding.Decode(message), static message => message.Meta);
    private readonly ReceivedObjects<Certificate, SecretObject> _certificates = new(message => ObjectDecoding.Decode(message), static message => message.Meta);
    private readonly ReceivedObjects<HttpRoute, HttpRouteObject> _routes = new(message => RouteDecoding.Decode(message), static message => message.Meta);
    private readonly ReceivedObjects<ReferenceGrant, ReferenceGrantObject> _grants = new(message => RouteDecoding.Decode(message), static message => message.Meta);
    private ImmutableSortedDictionary<string, ClusterStatus> _clusters = ImmutableSortedDictionary.Create<string, ClusterStatus>(StringComparer.Ordinal);
    private ImmutableArray<Problem> _problems = [];
    private ClusterObjects? _local;
    private long _version;

    /// <summary>Another connection: what was told of an unfinished run does not count.</summary>
    public void Restart() => _run.Clear();

    /// <summary>The next snapshot where the update was the last of its run, else null.</summary>
    /// <exception cref="WireException">It is not for this cluster.</exception>
    public MeshSnapshot? Take(SnapshotUpdate update)
    {
        if (update.LocalCluster != cluster) throw new WireException($"the agent is of cluster \"{update.LocalCluster}\", not of \"{cluster}\"");
        _run.Add(update);
        if (!update.Last) return null;
        var full = _run[0].Full;
        if (full)
        {
            TellAll(static received => received.Begin());
            _clusters = _clusters.Clear();
        }

        foreach (var part in _run) Apply(part);
        if (full) TellAll(static received => received.End());
        _run.Clear();
        return Build(update.AgeMicroseconds);
    }

    private void TellAll(Action<IReceived> tell)
    {
        tell(_services);
        tell(_ingresses);
        tell(_classes);
        tell(_certificates);
        tell(_routes);
        tell(_grants);
    }

    private void Apply(SnapshotUpdate update)
    {
        foreach (var service in update.Services) _services.Take(service);
        foreach (var backends in update.Backends) _services.Take(backends);
        foreach (var ingress in update.Ingresses) _ingresses.Take(ingress);
        foreach (var ingressClass in update.IngressClasses) _classes.Take(ingressClass);
        foreach (var certificate in update.Certificates) _certificates.Take(certificate);
        foreach (var route in update.HttpRoutes) _routes.Take(route);
        foreach (var grant in update.ReferenceGrants) _grants.Take(grant);
        foreach (var removed in update.Removed)
        {
            if (removed.Kind == Kind.Cluster) _clusters = _clusters.Remove(removed.Name);
            else Received(removed.Kind).Remove(new(removed.Namespace, removed.Name));
        }

        if (update.Clusters.Count > 0) _clusters = _clusters.SetItems(update.Clusters.Select(ViewEncoding.Decode).Select(view => KeyValuePair.Create(view.Name, view)));
        if (update.Problems is { } problems) _problems = [.. problems.Problems.Select(ViewEncoding.Decode)];
    }

    private IReceived Received(Kind kind) => kind switch
    {
        Kind.Ingress => _ingresses,
        Kind.IngressClass => _classes,
        Kind.Certificate => _certificates,
        Kind.HttpRoute => _routes,
        Kind.ReferenceGrant => _grants,
        _ => _services,
    };

    private MeshSnapshot Build(long ageMicroseconds)
    {
        var (services, changed) = _services.Build();
        if (_ingresses.Changed | _classes.Changed | _certificates.Changed | _routes.Changed | _grants.Changed || _local is null)
        {
            _local = new(cluster)
            {
                Ingresses = _ingresses.Changed || _local is null ? [.. _ingresses.Values] : _local.Ingresses,
                IngressClasses = _classes.Changed || _local is null ? [.. _classes.Values] : _local.IngressClasses,
                Secrets = _certificates.Changed || _local is null ? _certificates.Values.ToDictionary(secret => secret.Key) : _local.Secrets,
                HttpRoutes = _routes.Changed || _local is null ? [.. _routes.Values] : _local.HttpRoutes,
                ReferenceGrants = _grants.Changed || _local is null ? [.. _grants.Values] : _local.ReferenceGrants,
                ReadAt = time.GetUtcNow(),
            };
            TellAll(static received => received.Built());
        }

        var age = TimeSpan.FromMicroseconds(ageMicroseconds);
        return new(++_version, _local, _clusters, services, _problems)
        {
            Changed = _version == 1 ? default : changed,
            OldestChange = ageMicroseconds == 0 ? 0 : time.GetTimestamp() - (long)(age.TotalSeconds * time.TimestampFrequency),
        };
    }
}
