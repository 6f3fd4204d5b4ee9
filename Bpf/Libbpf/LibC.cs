using System.Runtime.InteropServices;

namespace ClusterMesh.Bpf.Libbpf;

internal static unsafe partial class LibC
{
    public const int DuplicateCloseOnExec = 1030;

    [LibraryImport("libc", EntryPoint = "vsnprintf")]
    public static partial int FormatList(byte* buffer, nint size, byte* format, nint list);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Control(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Mount(string source, string target, string type, nuint flags, nint data);

    [LibraryImport("libc", EntryPoint = "statfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int FileSystem(string path, long* answer);
}
