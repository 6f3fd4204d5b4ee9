using System.Runtime.InteropServices;

namespace ClusterMesh.Bpf.Libbpf;

/// <summary>The bpf(2) commands on maps. Each returns 0, or the error number as a negative number.</summary>
internal static unsafe partial class NativeMap
{
    [LibraryImport(NativeObject.Library, EntryPoint = "bpf_map_create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Create(uint type, string name, uint keySize, uint valueSize, uint maxEntries, MapCreateOptions* options);

    [LibraryImport(NativeObject.Library, EntryPoint = "bpf_map_update_elem")]
    public static partial int Update(int map, void* key, void* value, ulong flags);

    [LibraryImport(NativeObject.Library, EntryPoint = "bpf_map_lookup_elem")]
    public static partial int Lookup(int map, void* key, void* value);

    [LibraryImport(NativeObject.Library, EntryPoint = "bpf_map_delete_elem")]
    public static partial int Delete(int map, void* key);

    [LibraryImport(NativeObject.Library, EntryPoint = "bpf_map_get_next_key")]
    public static partial int NextKey(int map, void* key, void* next);

    [LibraryImport(NativeObject.Library, EntryPoint = "bpf_map_update_batch")]
    public static partial int UpdateBatch(int map, void* keys, void* values, uint* count, nint options);

    [LibraryImport(NativeObject.Library, EntryPoint = "bpf_map_delete_batch")]
    public static partial int DeleteBatch(int map, void* keys, uint* count, nint options);

    [LibraryImport(NativeObject.Library, EntryPoint = "bpf_map_lookup_batch")]
    public static partial int LookupBatch(int map, void* from, void* next, void* keys, void* values, uint* count, nint options);

    [LibraryImport(NativeObject.Library, EntryPoint = "bpf_map_get_fd_by_id")]
    public static partial int OpenById(uint id);

    [LibraryImport(NativeObject.Library, EntryPoint = "bpf_obj_pin", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Pin(int descriptor, string path);

    [LibraryImport(NativeObject.Library, EntryPoint = "bpf_obj_get", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OpenPin(string path);

    [LibraryImport(NativeObject.Library, EntryPoint = "bpf_obj_get_opts", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OpenPin(string path, PinOpenOptions* options);

    [LibraryImport(NativeObject.Library, EntryPoint = "bpf_obj_get_info_by_fd")]
    public static partial int Describe(int descriptor, void* answer, uint* size);

    [LibraryImport(NativeObject.Library, EntryPoint = "libbpf_num_possible_cpus")]
    public static partial int PossibleCpus();

    [LibraryImport(NativeObject.Library, EntryPoint = "ring_buffer__new", SetLastError = true)]
    public static partial nint NewRing(int map, delegate* unmanaged[Cdecl]<nint, void*, nuint, int> sample, nint context, nint options);

    [LibraryImport(NativeObject.Library, EntryPoint = "ring_buffer__poll")]
    public static partial int PollRing(nint ring, int milliseconds);

    [LibraryImport(NativeObject.Library, EntryPoint = "ring_buffer__free")]
    public static partial void FreeRing(nint ring);
}

/// <summary>bpf_map_create_opts.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MapCreateOptions
{
    public nuint Size;
    public uint Btf, BtfKeyType, BtfValueType, BtfVmlinuxValueType, InnerMap, Flags;
    public ulong Extra;
    public uint NumaNode, Ifindex;
}

/// <summary>bpf_obj_get_opts.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PinOpenOptions
{
    public const uint ReadOnly = 1 << 3;

    public nuint Size;
    public uint FileFlags;
}

/// <summary>The start of the kernel's bpf_map_info.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MapDescription
{
    public uint Type, Id, KeySize, ValueSize, MaxEntries, Flags;
}
