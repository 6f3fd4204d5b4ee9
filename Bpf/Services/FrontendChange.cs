using ClusterMesh.Bpf.Contract;

namespace ClusterMesh.Bpf.Services;

/// <summary>
/// One frontend from what it was to what it is to be. First all that the new table needs, beside the old one; then the one write that
/// swaps them; then what only the old one needed.
/// </summary>
internal sealed class FrontendChange(ServiceMaps maps, ServiceIds ids, SlotRegions free, Frontend frontend, PlacedFrontend? before)
{
    private readonly Dictionary<BackendAddress, uint> _backends = [];
    private readonly List<uint> _added = [];

    public static FrontendKey KeyOf(Frontend frontend) => new() { Address = new(frontend.Address), Port = new(frontend.Port), Protocol = frontend.Protocol };

    /// <exception cref="BpfException">No room; all is as it was.</exception>
    public PlacedFrontend Apply(FrontendModel model)
    {
        var sameTable = before is not null && before.Model.Backends.AsSpan().SequenceEqual(model.Backends.AsSpan());
        var region = sameTable ? before!.Region : Take(model);
        var id = before?.Id ?? Added();
        try
        {
            foreach (var backend in model.Backends.Select(share => share.Backend).Concat(model.Draining)) _backends.Add(backend, before?.Backends.GetValueOrDefault(backend) is { } known and > 0 ? known : Added());
            if (!sameTable)
            {
                Write(model.Backends.Select(share => (share.Backend, share.Weight, Draining: false)), id);
                Fill(model, region);
            }

            if (before is null) maps.Reverse.Update(id, new() { Address = new(frontend.Address), Port = new(frontend.Port) });
            maps.Frontends.Update(KeyOf(frontend), ValueOf(model, id, region));
        }
        catch (BpfException)
        {
            Undo(id, sameTable ? default : region);
            throw;
        }

        Write(model.Draining.Select(backend => (backend, Weight: 0L, Draining: true)), id);
        Forget(before?.Backends.Where(backend => !_backends.ContainsKey(backend.Key)).Select(backend => backend.Value) ?? []);
        return new(id, model, region, _backends);
    }

    private static Contract.Frontend ValueOf(FrontendModel model, uint id, SlotRegion region) => new()
    {
        Id = id, Slots = (uint)region.Start, Count = (uint)region.Count, Affinity = (uint)Math.Clamp(model.Affinity.TotalSeconds, 0, uint.MaxValue),
        Flags = (model.Random ? FrontendFlags.Random : 0) | (model.External ? FrontendFlags.External : 0) | (model.L7 ? FrontendFlags.L7 : 0),
    };

    private uint Added()
    {
        _added.Add(ids.Next());
        return _added[^1];
    }

    private SlotRegion Take(FrontendModel model)
    {
        foreach (var size in Maglev.SizesFor(model.Backends.AsSpan()))
            if (free.TryTake(size, out var region))
                return region;
        throw new BpfException($"frontend {frontend}: no room for a table of its {model.Backends.Length} backends, it keeps what it had", Libbpf.Errno.NoSpace);
    }

    private void Write(IEnumerable<(BackendAddress Backend, long Weight, bool Draining)> backends, uint id)
    {
        var all = backends.ToList();
        maps.Backends.UpdateMany(
            [.. all.Select(next => _backends[next.Backend])],
            [.. all.Select(next => new Backend { Address = new(next.Backend.Address), Port = new(next.Backend.Port), Draining = (byte)(next.Draining ? 1 : 0), Service = id, Weight = (ulong)next.Weight })]);
    }

    private void Fill(FrontendModel model, SlotRegion region)
    {
        if (region.Count == 0) return;
        var numbers = model.Backends.Select(share => _backends[share.Backend]).ToArray();
        var table = Maglev.Build(model.Backends.AsSpan(), region.Count);
        var slots = maps.Slots.Span.Slice(region.Start, region.Count);
        for (var i = 0; i < table.Length; i++) slots[i] = numbers[table[i]];
    }

    private void Undo(uint id, SlotRegion region)
    {
        if (before is null) maps.Reverse.Delete(id);
        Forget(_added);
        free.Give(region);
    }

    private void Forget(IEnumerable<uint> gone)
    {
        var all = gone.ToArray();
        maps.Backends.DeleteMany(all);
        foreach (var id in all) ids.Forget(id);
    }
}
