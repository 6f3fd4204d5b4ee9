using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Libbpf;

namespace ClusterMesh.Bpf.Maps;

/// <summary>
/// The policy of each endpoint, a map of its own in the map of all. A packet sees the old entries or the new ones, never some of each;
/// an endpoint that is to be judged and has no map gets nothing through.
/// </summary>
public sealed unsafe class PolicyMaps
{
    private const uint NoPreallocation = 1;
    private static readonly MapShape Inner = new(MapType.LpmTrie, (uint)sizeof(PolicyKey), (uint)sizeof(PolicyEntry), (uint)Limits.MaxPolicyEntries, NoPreallocation);
    private readonly BpfMap _outer;

    internal PolicyMaps(BpfMap outer) => _outer = outer;

    /// <summary>Puts a new map with these entries in the place of the endpoint's, once it is complete.</summary>
    /// <exception cref="BpfException">Too many entries; the endpoint keeps what it had.</exception>
    public void Replace(ushort endpoint, IReadOnlyCollection<KeyValuePair<PolicyKey, PolicyEntry>> entries)
    {
        using var inner = BpfMap.Create($"policy_{endpoint}", Inner);
        new TypedMap<PolicyKey, PolicyEntry>(inner).UpdateMany([.. entries.Select(entry => entry.Key)], [.. entries.Select(entry => entry.Value)]);
        uint key = endpoint, descriptor = (uint)inner.Descriptor;
        var error = NativeMap.Update(_outer.Descriptor, &key, &descriptor, 0);
        if (error < 0) throw new BpfException($"policy of endpoint {endpoint}: replace", -error);
    }

    /// <summary>The entries in force; null where there is no map.</summary>
    public List<KeyValuePair<PolicyKey, PolicyEntry>>? Read(ushort endpoint)
    {
        uint key = endpoint, id;
        var error = NativeMap.Lookup(_outer.Descriptor, &key, &id);
        if (error is < 0 and not -Errno.NoEntry) throw new BpfException($"policy of endpoint {endpoint}: look up", -error);
        using var inner = error < 0 ? null : BpfMap.OpenById($"policy_{endpoint}", id);
        return inner is null ? null : new TypedMap<PolicyKey, PolicyEntry>(inner).Read();
    }

    /// <summary>Whether it had one.</summary>
    public bool Remove(ushort endpoint)
    {
        uint key = endpoint;
        var error = NativeMap.Delete(_outer.Descriptor, &key);
        if (error is < 0 and not -Errno.NoEntry) throw new BpfException($"policy of endpoint {endpoint}: remove", -error);
        return error == 0;
    }
}
