using ClusterMesh.Bpf.Maps;

namespace ClusterMesh.Bpf.Services;

/// <summary>
/// Numbers for frontends and backends, one after the other: connections remember them, so that a number is not given again for as long
/// as there are others. The last one is kept in the first slot, and outlives this process.
/// </summary>
internal sealed class ServiceIds(SharedArray slots, HashSet<uint> used)
{
    public uint Next()
    {
        ref var last = ref slots.Span[0];
        do
            last++;
        while (last == 0 || !used.Add(last));
        return last;
    }

    public void Forget(uint id) => used.Remove(id);
}
