using System.Runtime.InteropServices;

namespace ClusterMesh.Bpf.Libbpf;

/// <summary>Objects, their programs and their maps. The library's file by its full name: the unversioned one is only in libbpf-dev.</summary>
internal static unsafe partial class NativeObject
{
    public const string Library = "libbpf.so.1";

    [LibraryImport(Library, EntryPoint = "libbpf_set_print")]
    public static partial nint SetPrint(delegate* unmanaged[Cdecl]<int, byte*, nint, int> print);

    [LibraryImport(Library, EntryPoint = "bpf_object__open_file", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint Open(string path, nint options);

    [LibraryImport(Library, EntryPoint = "bpf_object__load")]
    public static partial int Load(nint theObject);

    [LibraryImport(Library, EntryPoint = "bpf_object__close")]
    public static partial void Close(nint theObject);

    [LibraryImport(Library, EntryPoint = "bpf_object__next_map", SetLastError = true)]
    public static partial nint NextMap(nint theObject, nint previous);

    [LibraryImport(Library, EntryPoint = "bpf_object__find_program_by_name", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint FindProgram(nint theObject, string name);

    [LibraryImport(Library, EntryPoint = "bpf_program__fd")]
    public static partial int ProgramDescriptor(nint program);

    [LibraryImport(Library, EntryPoint = "bpf_map__name")]
    public static partial byte* MapName(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__fd")]
    public static partial int MapDescriptor(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__type")]
    public static partial uint MapType(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__key_size")]
    public static partial uint MapKeySize(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__value_size")]
    public static partial uint MapValueSize(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__max_entries")]
    public static partial uint MapMaxEntries(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__map_flags")]
    public static partial uint MapFlags(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__reuse_fd")]
    public static partial int ReuseMap(nint map, int descriptor);

    [LibraryImport(Library, EntryPoint = "bpf_map__initial_value", SetLastError = true)]
    public static partial void* InitialValue(nint map, nuint* size);
}
