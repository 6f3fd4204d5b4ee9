using ClusterMesh.Bpf.Contract;

namespace ClusterMesh.Bpf.Services;

/// <summary>
/// Reads back what an earlier process left in the kernel. Where it ended in the middle of a change, the slots say how it balances now.
/// What belongs to no frontend is deleted.
/// </summary>
internal static class ServiceRestore
{
    public static Dictionary<Frontend, PlacedFrontend> Read(ServiceMaps maps)
    {
        var frontends = maps.Frontends.Read();
        var known = frontends.Select(frontend => frontend.Value.Id).ToHashSet();
        var backends = maps.Backends.Read();
        maps.Backends.DeleteMany([.. backends.Where(backend => !known.Contains(backend.Value.Service)).Select(backend => backend.Key)]);
        maps.Reverse.DeleteMany([.. maps.Reverse.Read().Select(reverse => reverse.Key).Where(id => !known.Contains(id))]);
        var byFrontend = backends.ToLookup(backend => backend.Value.Service);
        return frontends.ToDictionary(
            frontend => new Frontend(frontend.Key.Address.ToIPAddress(), frontend.Key.Port.Value, frontend.Key.Protocol),
            frontend => Place(frontend.Value, [.. byFrontend[frontend.Value.Id]], maps.Slots.Span));
    }

    private static PlacedFrontend Place(Contract.Frontend frontend, List<KeyValuePair<uint, Backend>> backends, ReadOnlySpan<uint> slots)
    {
        var region = new SlotRegion((int)frontend.Slots, (int)frontend.Count);
        var own = slots[region.Start..region.End];
        var ids = backends.DistinctBy(backend => At(backend.Value)).ToDictionary(backend => At(backend.Value), backend => backend.Key);
        var model = Model(frontend, backends.Where(backend => backend.Value.Draining == 0).Select(backend => new BackendShare(At(backend.Value), (long)backend.Value.Weight)), ids.Keys);
        if (!Matches(model, ids, own)) model = Model(frontend, Counted(backends, own), ids.Keys);
        return new(frontend.Id, model, region, ids);
    }

    private static FrontendModel Model(Contract.Frontend frontend, IEnumerable<BackendShare> shares, IEnumerable<BackendAddress> all) =>
        new([.. shares], [.. all])
        {
            Affinity = TimeSpan.FromSeconds(frontend.Affinity),
            Random = frontend.Flags.HasFlag(FrontendFlags.Random),
            External = frontend.Flags.HasFlag(FrontendFlags.External),
            L7 = frontend.Flags.HasFlag(FrontendFlags.L7),
        };

    private static BackendAddress At(Backend backend) => new(backend.Address.ToIPAddress(), backend.Port.Value);

    private static bool Matches(FrontendModel model, Dictionary<BackendAddress, uint> ids, ReadOnlySpan<uint> slots)
    {
        if (model.Backends.IsEmpty || slots.IsEmpty) return model.Backends.IsEmpty && slots.IsEmpty;
        if (!Maglev.SizesFor(model.Backends.AsSpan()).Contains(slots.Length)) return false;
        var table = Maglev.Build(model.Backends.AsSpan(), slots.Length);
        for (var i = 0; i < table.Length; i++)
            if (ids[model.Backends[table[i]].Backend] != slots[i])
                return false;
        return true;
    }

    private static IEnumerable<BackendShare> Counted(List<KeyValuePair<uint, Backend>> backends, ReadOnlySpan<uint> slots)
    {
        var counts = new Dictionary<uint, long>();
        foreach (var id in slots) counts[id] = counts.GetValueOrDefault(id) + 1;
        return [.. backends.Where(backend => counts.ContainsKey(backend.Key)).Select(backend => new BackendShare(At(backend.Value), counts[backend.Key]))];
    }
}
