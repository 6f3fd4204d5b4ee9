using System.Collections.Immutable;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Publish.Export;
using ClusterMesh.Mesh.Publish.Identities;
using ClusterMesh.Mesh.Publish.Sync;
using ClusterMesh.Mesh.Schema;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Mesh.Publish;

/// <summary>What one agent tells of its cluster, by kind: made of the source's objects, and held against etcd by a store each.</summary>
internal sealed class PublishedState : IDisposable
{
    private readonly PublishConfig _config;
    private readonly ServiceExports _exports;
    private readonly NodeExport _node;
    private readonly PodIdentities _pods;
    private readonly IpExport _addresses;
    private (object Pods, object Numbers)? _addressed;
    private volatile bool _complete;
    private ImmutableArray<Problem> _problems = [];

    public PublishedState(PublishConfig config, WriteRate rate, IChance chance, PublishMeter meter)
    {
        _config = config;
        _exports = new(config.Cluster, config.ClusterId, config.DefaultGlobalNamespace);
        (_node, _pods, _addresses) = (new(config), new(config), new(config));
        var node = StateKeys.Node(config.Cluster, config.Node);
        // Of the services everything under our cluster's name is the leader's; of the rest only what is this node's.
        Services = Store("services", $"{StateKeys.Services}/{config.Cluster}/", static _ => true);
        Node = Store("nodes", node, item => item.Key == node);
        Ips = Store("ip", StateKeys.IpsDefault + "/", item => _addresses.IsOurs(item.Value.Span));
        Identities = new(config.ClusterId, config.NodeIps[0], config.LeaseTtl, rate, chance, meter);

        SyncStore Store(string scope, string prefix, Func<EtcdKeyValue, bool> isOurs) => new(scope, prefix, isOurs, config.LeaseTtl, rate, meter);
    }

    public SyncStore Services { get; }

    public SyncStore Node { get; }

    public SyncStore Ips { get; }

    public IdentityAllocator Identities { get; }

    /// <summary>Every pod's address is written, with its identity.</summary>
    public bool IpsSynced => _complete && Ips.Synced;

    /// <summary>All that every agent writes, and the services where this one has to.</summary>
    public bool IsSynced(bool withServices) => Node.Synced && IpsSynced && Identities.Synced && (!withServices || Services.Synced);

    public ImmutableArray<Problem> Problems
    {
        get
        {
            var refused = Services.Refused.Concat(Node.Refused).Concat(Ips.Refused)
                .Select(key => new Problem(_config.Cluster, key, "", "etcd finds it too large", "what stood there stays"));
            var numberless = Identities.WithoutNumber == 0
                ? []
                : new[] { new Problem(_config.Cluster, "identities", "", "every number of the cluster is taken", $"{Identities.WithoutNumber} sets of labels have none, and their pods' addresses are not told") };
            return [.. _problems, .. refused, .. numberless];
        }
    }

    /// <summary>New objects of the source.</summary>
    public void Apply(ClusterObjects objects)
    {
        var services = _exports.Export(objects);
        _pods.Update(objects);
        Services.Want(services.Keys);
        Node.Want(_node.Export(objects).Keys);
        Identities.Want(_pods.Pods.Select(pod => pod.Labels).ToHashSet(StringComparer.Ordinal));
        ApplyNumbers();
        _problems = [.. services.Problems, .. _pods.Problems];
    }

    /// <summary>New numbers of identities.</summary>
    public void ApplyNumbers()
    {
        // In this order: numbers that are read after it was all settled are all there.
        var complete = Identities.Synced;
        var numbers = Identities.Numbers;
        if (_addressed is not var (pods, before) || pods != _pods.Version || before != numbers)
        {
            Ips.Want(_addresses.Export(_pods.Pods, numbers).Keys);
            _addressed = (_pods.Version, numbers);
        }

        _complete = complete;
    }

    public void Dispose()
    {
        Services.Dispose();
        Node.Dispose();
        Ips.Dispose();
        Identities.Dispose();
    }
}
