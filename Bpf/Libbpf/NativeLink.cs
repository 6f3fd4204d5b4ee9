using System.Runtime.InteropServices;

namespace ClusterMesh.Bpf.Libbpf;

/// <summary>Where programs are attached, and what this kernel can do. Negative returns are error numbers.</summary>
internal static unsafe partial class NativeLink
{
    [LibraryImport(NativeObject.Library, EntryPoint = "bpf_link_create")]
    public static partial int Create(int program, int target, uint attachType, nint options);

    [LibraryImport(NativeObject.Library, EntryPoint = "bpf_link_update")]
    public static partial int Update(int link, int program, nint options);

    [LibraryImport(NativeObject.Library, EntryPoint = "bpf_link_detach")]
    public static partial int Detach(int link);

    [LibraryImport(NativeObject.Library, EntryPoint = "bpf_tc_hook_create")]
    public static partial int CreateClsact(TcHook* hook);

    [LibraryImport(NativeObject.Library, EntryPoint = "bpf_tc_attach")]
    public static partial int AttachFilter(TcHook* hook, TcOptions* options);

    [LibraryImport(NativeObject.Library, EntryPoint = "bpf_tc_detach")]
    public static partial int DetachFilter(TcHook* hook, TcOptions* options);

    [LibraryImport(NativeObject.Library, EntryPoint = "libbpf_probe_bpf_prog_type")]
    public static partial int ProbeProgramType(uint type, nint options);

    [LibraryImport(NativeObject.Library, EntryPoint = "libbpf_probe_bpf_map_type")]
    public static partial int ProbeMapType(uint type, nint options);

    [LibraryImport(NativeObject.Library, EntryPoint = "libbpf_probe_bpf_helper")]
    public static partial int ProbeHelper(uint programType, uint helper, nint options);

    [LibraryImport(NativeObject.Library, EntryPoint = "bpf_prog_load", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LoadProgram(uint type, string name, string license, ulong* instructions, nuint count, nint options);

    [LibraryImport(NativeObject.Library, EntryPoint = "bpf_prog_test_run_opts")]
    public static partial int TestRun(int program, TestRunOptions* options);
}

/// <summary>bpf_tc_hook.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TcHook
{
    public nuint Size;
    public int Ifindex;
    public int AttachPoint;
    public uint Parent;
}

/// <summary>bpf_tc_opts.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TcOptions
{
    public nuint Size;
    public int Program;
    public uint Flags, ProgramId, Handle, Priority;
}

/// <summary>The start of the kernel's bpf_link_info.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LinkDescription
{
    public uint Type, Id, ProgramId, Pad;

    /// <summary>The interface's number, or the network namespace's inode; 0: it is gone.</summary>
    public uint Target;

    public uint AttachType;
}

/// <summary>bpf_test_run_opts.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TestRunOptions
{
    public nuint Size;
    public void* Input, Output;
    public uint InputSize, OutputSize;
    public void* ContextInput, ContextOutput;
    public uint ContextInputSize, ContextOutputSize;
    public uint Returned;
    public int Repeat;
    public uint DurationNanoseconds, Flags, Cpu, BatchSize;
}
