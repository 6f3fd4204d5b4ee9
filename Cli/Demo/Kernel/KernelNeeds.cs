using System.Globalization;

namespace ClusterMesh.Cli.Demo.Kernel;

/// <summary>What a lab needs that a machine may well lack.</summary>
internal static class KernelNeeds
{
    // CAP_NET_ADMIN and CAP_SYS_ADMIN.
    private const ulong Capabilities = (1UL << 12) | (1UL << 21);

    private static readonly string[] s_tools = ["ip", "nft", "nsenter", "setsid", "flock"];

    /// <param name="agent">The directory with clustermesh-agent.</param>
    /// <returns>What is missing first; null = all is there.</returns>
    public static string? Missing(string agent) => Missing(
        Environment.IsPrivilegedProcess, File.ReadLines("/proc/self/status"), Environment.GetEnvironmentVariable("PATH") ?? "", [agent, .. Above(AppContext.BaseDirectory)]);

    /// <param name="status">Of this process, proc_pid_status(5).</param>
    /// <param name="places">Where bpf/, with the built programs, may be.</param>
    public static string? Missing(bool root, IEnumerable<string> status, string path, IEnumerable<string> places)
    {
        if (!root) return "that needs root";
        // Root of a container is often not allowed to.
        if ((Effective(status) & Capabilities) != Capabilities) return "that needs CAP_NET_ADMIN and CAP_SYS_ADMIN, which root does not have here";
        if (!places.Any(place => File.Exists(Path.Combine(place, "bpf", "from_container.o")))) return "its programs were not built (make bpf needs clang, llvm and libbpf-dev)";
        var directories = path.Split(':');
        return s_tools.FirstOrDefault(tool => !directories.Any(directory => File.Exists(Path.Combine(directory, tool)))) is { } tool ? $"there is no {tool} on the path" : null;
    }

    private static ulong Effective(IEnumerable<string> status) =>
        status.FirstOrDefault(line => line.StartsWith("CapEff:", StringComparison.Ordinal)) is { } line && ulong.TryParse(line.AsSpan("CapEff:".Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var mask) ? mask : 0;

    /// <summary>Beside this program when it is installed, in artifacts/ above it when it is built.</summary>
    private static IEnumerable<string> Above(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent) yield return folder.FullName;
    }
}
