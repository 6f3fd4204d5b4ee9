namespace ClusterMesh.Bpf.Services;

/// <summary>Which slots are free. Best fit; neighbours grow together again.</summary>
internal sealed class SlotRegions
{
    private readonly SortedSet<(int Count, int Start)> _bySize = [];
    private readonly Dictionary<int, SlotRegion> _byStart = [];
    private readonly Dictionary<int, SlotRegion> _byEnd = [];

    /// <param name="all">What there is to give.</param>
    /// <param name="used">What is given already.</param>
    public SlotRegions(SlotRegion all, IEnumerable<SlotRegion> used)
    {
        var start = all.Start;
        foreach (var region in used.Where(region => region.Count > 0).OrderBy(region => region.Start))
        {
            if (region.Start > start) Add(new(start, region.Start - start));
            start = Math.Max(start, region.End);
        }

        if (start < all.End) Add(new(start, all.End - start));
    }

    public int Free => _bySize.Sum(region => region.Count);

    public bool TryTake(int count, out SlotRegion region)
    {
        region = new(0, count);
        if (count == 0) return true;
        var fitting = _bySize.GetViewBetween((count, 0), (int.MaxValue, int.MaxValue));
        if (fitting.Min is not { Count: > 0 } found) return false;
        Remove(new(found.Start, found.Count));
        region = new(found.Start, count);
        if (found.Count > count) Add(new(region.End, found.Count - count));
        return true;
    }

    public void Give(SlotRegion region)
    {
        if (region.Count == 0) return;
        if (_byEnd.TryGetValue(region.Start, out var before))
        {
            Remove(before);
            region = new(before.Start, before.Count + region.Count);
        }

        if (_byStart.TryGetValue(region.End, out var after))
        {
            Remove(after);
            region = new(region.Start, region.Count + after.Count);
        }

        Add(region);
    }

    private void Add(SlotRegion region)
    {
        _bySize.Add((region.Count, region.Start));
        _byStart.Add(region.Start, region);
        _byEnd.Add(region.End, region);
    }

    private void Remove(SlotRegion region)
    {
        _bySize.Remove((region.Count, region.Start));
        _byStart.Remove(region.Start);
        _byEnd.Remove(region.End);
    }
}
