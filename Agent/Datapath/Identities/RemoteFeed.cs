using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Agent.Datapath.Ipcache;
using ClusterMesh.Agent.Datapath.Nodes;
using ClusterMesh.Agent.Network;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Policy.Selectors;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Agent.Datapath.Identities;

/// <summary>What one other cluster tells of addresses and identities, passed on by difference: it may be a quarter of a million.</summary>
internal sealed class RemoteFeed(string cluster, NodeNetwork network, IpcacheTable table)
{
    private readonly LayerName _layer = new(LayerKind.Remote, cluster);
    private readonly NamedPortCounts _ports = new();
    private ImmutableDictionary<string, IpRecord> _ips = ImmutableDictionary.Create<string, IpRecord>(StringComparer.Ordinal);
    private ImmutableDictionary<uint, string> _identities = ImmutableDictionary<uint, string>.Empty;
    private RangeSet? _ownRanges;

    /// <summary>Writes into the table what changed.</summary>
    /// <param name="ownRanges">What is in a range of the own cluster's pods is not believed of another.</param>
    /// <returns>What changed for policies.</returns>
    public IdentityChanges Update(RemoteObjects remote, RangeSet ownRanges)
    {
        if (!ReferenceEquals(_ownRanges, ownRanges))
        {
            // Rare: a node of ours came or went. All is looked at again.
            _ownRanges = ownRanges;
            table.Remove(_layer);
            foreach (var record in _ips.Values) _ports.Remove(record);
            _ips = _ips.Clear();
        }

        if (!ReferenceEquals(_ips, remote.Ips)) TakeIps(remote.Ips);
        var ports = _ports.TakeChanged();
        var set = remote.Identities
            .Where(pair => ports.Contains(pair.Key) || !_identities.TryGetValue(pair.Key, out var known) || !ReferenceEquals(known, pair.Value) && known != pair.Value)
            .Select(pair => new PolicyIdentity(pair.Key, pair.Value) with { Ports = _ports.Of(pair.Key) });
        if (ports.Count == 0 && ReferenceEquals(_identities, remote.Identities)) return new([], []);
        var changes = new IdentityChanges([.. set], [.. _identities.Keys.Where(id => !remote.Identities.ContainsKey(id))]);
        _identities = remote.Identities;
        return changes;
    }

    /// <summary>The cluster is not one of the mesh any more.</summary>
    public IdentityChanges Remove()
    {
        table.Remove(_layer);
        return new([], [.. _identities.Keys]);
    }

    private void TakeIps(ImmutableDictionary<string, IpRecord> ips)
    {
        var added = 0;
        foreach (var (key, record) in ips)
        {
            var known = _ips.GetValueOrDefault(key);
            if (ReferenceEquals(known, record)) continue;
            if (known is null) added++;
            else _ports.Remove(known);
            _ports.Add(record);
            Put(key, record);
        }

        // As many as there should be: nothing is gone, and there is no need to look.
        if (_ips.Count + added != ips.Count)
        {
            foreach (var (key, record) in _ips.Where(pair => !ips.ContainsKey(pair.Key)))
            {
                _ports.Remove(record);
                Put(key, null);
            }
        }

        _ips = ips;
    }

    private void Put(string key, IpRecord? record)
    {
        if (PrefixOf(key) is not { } network4 || _ownRanges!.Contains(network4)) return;
        table.Set(_layer, new(network4), record is null ? null : PeerOf(record));
    }

    private Peer PeerOf(IpRecord record) => new()
    {
        Identity = (uint)record.ID,
        Tunnel = IPAddress.TryParse(record.HostIP, out var host) ? IpcacheLayers.TunnelTo(network, host) : default,
    };

    private static IPNetwork? PrefixOf(string key)
    {
        if (!key.Contains('.')) return null;
        if (IPAddress.TryParse(key, out var address)) return new(address, 32);
        return IPNetwork.TryParse(key, out var prefix) ? prefix : null;
    }
}
