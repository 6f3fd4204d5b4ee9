using ClusterMesh.Mesh.Policy.Rules;

namespace ClusterMesh.Mesh.Policy.Selectors;

/// <summary>
/// Which identities each peer of the policies means. An identity that comes or goes is asked of every peer once, whatever number
/// of rules and endpoints share it. For one writer.
/// </summary>
internal sealed class SelectorCache(string cluster)
{
    private readonly Dictionary<uint, PolicyIdentity> _identities = [];
    private readonly Dictionary<string, PeerSelection> _selections = new(StringComparer.Ordinal);

    public int Count => _selections.Count;

    public PolicyIdentity? Find(uint id) => _identities.GetValueOrDefault(id);

    public PeerSelection Select(PolicyPeer peer)
    {
        var text = peer.ToString()!;
        if (_selections.TryGetValue(text, out var known)) return known;
        var selection = new PeerSelection(peer);
        foreach (var identity in _identities.Values)
        {
            if (peer.Selects(identity, cluster)) selection.Members.Add(identity.Id);
        }

        _selections.Add(text, selection);
        return selection;
    }

    public void Set(PolicyIdentity identity)
    {
        _identities[identity.Id] = identity;
        foreach (var selection in _selections.Values)
        {
            if (selection.Peer.Selects(identity, cluster)) selection.Members.Add(identity.Id);
            else selection.Members.Remove(identity.Id);
        }
    }

    public void Remove(uint id)
    {
        if (!_identities.Remove(id)) return;
        foreach (var selection in _selections.Values) selection.Members.Remove(id);
    }

    /// <summary>Forgets the peers that no rule has any more.</summary>
    public void Keep(IReadOnlySet<PeerSelection> used)
    {
        foreach (var (text, _) in _selections.Where(pair => !used.Contains(pair.Value)).ToList()) _selections.Remove(text);
    }
}

/// <summary>The identities that a peer means now.</summary>
internal sealed class PeerSelection(PolicyPeer peer)
{
    public PolicyPeer Peer { get; } = peer;

    public HashSet<uint> Members { get; } = [];
}
