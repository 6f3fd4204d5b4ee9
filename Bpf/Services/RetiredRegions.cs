namespace ClusterMesh.Bpf.Services;

/// <summary>
/// Regions that no frontend has any more, kept until no program can be reading them: one that has just looked up the frontend still
/// picks from the old table.
/// </summary>
internal sealed class RetiredRegions(SlotRegions free, TimeProvider time)
{
    // A program runs for microseconds, but its CPU may be taken away meanwhile. A slot read too late names another frontend's backend, which is noticed.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);
    private readonly Queue<(SlotRegion Region, long Since)> _waiting = [];

    public void Add(SlotRegion region)
    {
        if (region.Count > 0) _waiting.Enqueue((region, time.GetTimestamp()));
    }

    public void Release()
    {
        while (_waiting.TryPeek(out var oldest) && time.GetElapsedTime(oldest.Since) >= Grace) free.Give(_waiting.Dequeue().Region);
    }
}
