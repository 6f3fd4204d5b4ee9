using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Maps;
using ClusterMesh.Mesh.Identity;

namespace ClusterMesh.Agent.Datapath.Ipcache;

/// <summary>Brings the ipcache to what the table says, and what the agent before left in it to nothing more, once that is certain.</summary>
internal sealed class IpcacheWriter(TypedMap<Prefix, Peer> map, IpcacheTable table)
{
    // So that a full map costs one of them and not all.
    private const int Batch = 4096;

    // Of the agent before, until it is written or may go.
    private readonly Dictionary<Prefix, Peer> _left = new(map.Read());

    /// <summary>Of how many prefixes it is not certain yet whether they may go.</summary>
    public int Left => _left.Count;

    /// <exception cref="Bpf.BpfException">The map is full; what is not written stays to be written.</exception>
    public void Write(Heard heard, bool synced)
    {
        if (_left.Count > 0 && synced)
            table.Dirty.UnionWith(_left.Where(entry => MayGo(entry.Value, heard) && !table.TryGet(entry.Key, out _)).Select(entry => entry.Key));
        if (table.Dirty.Count == 0) return;
        var (updates, deletes) = (new List<KeyValuePair<Prefix, Peer>>(), new List<Prefix>());
        foreach (var prefix in table.Dirty.ToList())
        {
            var left = _left.TryGetValue(prefix, out var there);
            if (table.TryGet(prefix, out var peer))
            {
                // Its number is not known yet; the one that it had is better than none.
                if (left && peer.Identity == NumericIdentity.Unknown && there.Identity != NumericIdentity.Unknown && !heard.Own) continue;
                if (left && there == peer) Done(prefix);
                else updates.Add(new(prefix, peer));
            }
            else if (!left || (synced && MayGo(there, heard)))
            {
                deletes.Add(prefix);
            }
        }

        foreach (var some in updates.Chunk(Batch))
        {
            map.UpdateMany([.. some.Select(entry => entry.Key)], [.. some.Select(entry => entry.Value)]);
            foreach (var (prefix, _) in some) Done(prefix);
        }

        foreach (var some in deletes.Chunk(Batch))
        {
            map.DeleteMany(some);
            foreach (var prefix in some) Done(prefix);
        }
    }

    /// <summary>Whether whoever could have said it was heard, and did not.</summary>
    internal static bool MayGo(Peer peer, Heard heard) =>
        heard.All || peer.Identity switch
        {
            // Ranges and nodes of any cluster.
            NumericIdentity.Unknown or NumericIdentity.RemoteNode => false,
            > NumericIdentity.LargestOfClusters => true,
            var id => NumericIdentity.IsReserved(id) || heard.ClusterIds.Contains(id >> 16),
        };

    private void Done(Prefix prefix)
    {
        table.Dirty.Remove(prefix);
        _left.Remove(prefix);
    }
}
