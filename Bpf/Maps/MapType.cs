namespace ClusterMesh.Bpf.Maps;

/// <summary>The kernel's bpf_map_type, as far as we use it.</summary>
internal enum MapType : uint
{
    Hash = 1,
    Array = 2,
    PerCpuArray = 6,
    LruHash = 9,
    LpmTrie = 11,
    HashOfMaps = 13,
    SockMap = 15,
    RingBuffer = 27,
}
