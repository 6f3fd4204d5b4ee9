using System.Runtime.InteropServices;
using ClusterMesh.Bpf.Libbpf;

namespace ClusterMesh.Bpf.Pinning;

/// <summary>The file system that pins live in; they are gone with its last mount.</summary>
public static unsafe class BpfFileSystem
{
    public const string DefaultPath = "/sys/fs/bpf";

    private const long Magic = 0xcafe4a11;

    /// <summary>Where the maps and links of a node are pinned: both names become one directory's.</summary>
    public static string NodeDirectory(string? root, string cluster, string node) =>
        Path.Combine(Path.GetFullPath(root ?? $"{DefaultPath}/clustermesh"), $"{cluster}-{node.Replace('/', '_')}");

    /// <summary>Sees to it that the directory is, or would be, in one: mounts it at the usual place when it is to be there.</summary>
    /// <exception cref="UnsupportedKernelException">It is in none.</exception>
    public static void Ensure(string directory)
    {
        if (IsIn(directory)) return;
        var usual = Path.GetFullPath(directory).StartsWith(DefaultPath + "/", StringComparison.Ordinal);
        if (usual && LibC.Mount("bpf", DefaultPath, "bpf", 0, 0) == 0) return;
        var why = usual ? $", and none could be mounted at {DefaultPath}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}" : "";
        throw new UnsupportedKernelException($"pin directory {directory} is in no BPF file system{why}; the data path could not outlive the agent");
    }

    /// <summary>
    /// For root alone; it stays as it is where it is there. The directories above it are for all to search: the proxy's group has its pins below
    /// them, whatever the umask is.
    /// </summary>
    internal static void MakeDirectory(string path)
    {
        const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (Directory.Exists(path)) return;
        MakeAbove(Path.GetDirectoryName(path)!);
        Directory.CreateDirectory(path, OwnersAlone);

        static void MakeAbove(string path)
        {
            if (Directory.Exists(path)) return;
            MakeAbove(Path.GetDirectoryName(path)!);
            Directory.CreateDirectory(path, OwnersAlone);
            File.SetUnixFileMode(path, OwnersAlone | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }
    }

    private static bool IsIn(string directory)
    {
        for (var path = Path.GetFullPath(directory); path is not null; path = Path.GetDirectoryName(path))
            if (Directory.Exists(path))
                return IsMounted(path);
        return false;
    }

    private static bool IsMounted(string path)
    {
        // struct statfs begins with its type, and is no longer than this anywhere.
        var answer = stackalloc long[64];
        return LibC.FileSystem(path, answer) == 0 && answer[0] == Magic;
    }
}
