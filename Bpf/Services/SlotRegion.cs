namespace ClusterMesh.Bpf.Services;

/// <summary>Consecutive slots.</summary>
internal readonly record struct SlotRegion(int Start, int Count)
{
    public int End => Start + Count;
}
