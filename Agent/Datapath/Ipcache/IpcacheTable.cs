using ClusterMesh.Bpf.Contract;

namespace ClusterMesh.Agent.Datapath.Ipcache;

/// <summary>
/// What the ipcache should say, in layers of whom to believe: of two that speak of the same prefix the first counts. Keeps which
/// prefixes may have changed since they were written, so that a change costs as much as it is large.
/// </summary>
internal sealed class IpcacheTable
{
    private readonly SortedDictionary<LayerName, Dictionary<Prefix, Peer>> _layers = [];

    /// <summary>Prefixes to be looked at. The writer takes out what it has written.</summary>
    public HashSet<Prefix> Dirty { get; } = [];

    /// <summary>How many prefixes all layers have.</summary>
    public int Count => _layers.Values.Sum(layer => layer.Count);

    /// <summary>All that one layer says now.</summary>
    public void Replace(LayerName name, Dictionary<Prefix, Peer> wanted)
    {
        var before = _layers.GetValueOrDefault(name) ?? [];
        foreach (var (prefix, peer) in wanted)
        {
            if (!before.TryGetValue(prefix, out var known) || known != peer) Dirty.Add(prefix);
        }

        foreach (var prefix in before.Keys)
        {
            if (!wanted.ContainsKey(prefix)) Dirty.Add(prefix);
        }

        _layers[name] = wanted;
    }

    /// <summary>One prefix of a layer; null: it says nothing of it any more.</summary>
    public void Set(LayerName name, Prefix prefix, Peer? peer)
    {
        if (!_layers.TryGetValue(name, out var layer)) _layers.Add(name, layer = []);
        if (peer is { } value) layer[prefix] = value;
        else layer.Remove(prefix);
        Dirty.Add(prefix);
    }

    public void Remove(LayerName name)
    {
        if (_layers.Remove(name, out var layer)) Dirty.UnionWith(layer.Keys);
    }

    /// <summary>What counts.</summary>
    public bool TryGet(Prefix prefix, out Peer peer)
    {
        foreach (var layer in _layers.Values)
        {
            if (layer.TryGetValue(prefix, out peer)) return true;
        }

        peer = default;
        return false;
    }
}
