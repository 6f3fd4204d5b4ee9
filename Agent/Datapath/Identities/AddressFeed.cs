using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Agent.Datapath.Ipcache;
using ClusterMesh.Agent.Datapath.Nodes;
using ClusterMesh.Agent.Network;

namespace ClusterMesh.Agent.Datapath.Identities;

/// <summary>Puts who has which address into the ipcache's table, from all clusters, and says which identities changed meanwhile.</summary>
internal sealed class AddressFeed
{
    private readonly NodeNetwork _network;
    private readonly IpcacheTable _table;
    private readonly OwnIdentities _own = new();
    private readonly Dictionary<string, RemoteFeed> _remotes = new(StringComparer.Ordinal);
    private ImmutableArray<ImmutableDictionary<uint, string>> _told = [];
    private MeshNodes? _nodes;
    private (object Pods, object Identities, object Nodes)? _podInputs;
    private ImmutableArray<IPNetwork> _ownCidrs = [];
    private RangeSet _ownRanges = new([]);

    public AddressFeed(string cluster, string node, NodeNetwork network, IpcacheTable table)
    {
        (_network, _table, Pods) = (network, table, new(cluster, node));
        table.Replace(new(LayerKind.Host), IpcacheLayers.Host(network));
    }

    public ClusterPods Pods { get; }

    public uint? NumberOf(string labels) => _own.NumberOf(labels);

    /// <summary>Any thread.</summary>
    public string? LabelsOf(uint number) => _own.LabelsOf(number) ?? _told.Select(identities => identities.GetValueOrDefault(number)).FirstOrDefault(labels => labels is not null);

    public IReadOnlyList<IdentityChanges> Update(NodeInputs inputs)
    {
        var changes = new List<IdentityChanges>();
        _told = [.. inputs.Remotes.Select(remote => remote.Identities)];
        Pods.Update(inputs.Local, inputs.Endpoints);
        if (_own.Update(inputs.Identities, Pods.Identities) is { } own) changes.Add(own);
        TakeNodes(inputs.Nodes);
        (object, object, object) podInputs = (Pods.ByKey, inputs.Identities, inputs.Nodes);
        if (_podInputs is not { } last || !Same(last, podInputs))
        {
            _podInputs = podInputs;
            _table.Replace(new(LayerKind.Pods), IpcacheLayers.Pods(_network, inputs.Nodes, Pods.ByKey.Values, NumberOf));
        }

        foreach (var remote in inputs.Remotes)
        {
            if (!_remotes.TryGetValue(remote.Cluster, out var feed)) _remotes.Add(remote.Cluster, feed = new(remote.Cluster, _network, _table));
            changes.Add(feed.Update(remote, _ownRanges));
        }

        var clusters = inputs.Remotes.Select(remote => remote.Cluster).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _remotes.Keys.Where(name => !clusters.Contains(name)).ToList())
        {
            changes.Add(_remotes[gone].Remove());
            _remotes.Remove(gone);
        }

        return changes;
    }

    private void TakeNodes(MeshNodes nodes)
    {
        if (ReferenceEquals(_nodes, nodes)) return;
        _nodes = nodes;
        _table.Replace(new(LayerKind.Nodes), IpcacheLayers.Nodes(_network, nodes));
        _table.Replace(new(LayerKind.Ranges), IpcacheLayers.Ranges(_network, nodes));
        if (!nodes.OwnCidrs.SequenceEqual(_ownCidrs)) (_ownCidrs, _ownRanges) = (nodes.OwnCidrs, new(nodes.OwnCidrs));
    }

    private static bool Same((object, object, object) a, (object, object, object) b) =>
        ReferenceEquals(a.Item1, b.Item1) && ReferenceEquals(a.Item2, b.Item2) && ReferenceEquals(a.Item3, b.Item3);
}
