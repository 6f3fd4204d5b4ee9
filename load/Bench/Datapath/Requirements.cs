namespace ClusterMesh.DatapathBench;

internal static class Requirements
{
    private static readonly string[] Tools = ["ip", "bridge", "nsenter", "setpriv", "nft"], ToolsOfRedirect = ["etcd", "wrk", "nginx", "taskset", "unshare", "mount"];

    /// <summary>What this machine lacks, or null.</summary>
    public static string? Missing()
    {
        if (!Environment.IsPrivilegedProcess) return "that needs root";
        if (!File.Exists(Path.Combine(AppContext.BaseDirectory, "bpf", "from_container.o"))) return "its programs were not built (make bpf needs clang, llvm and libbpf-dev)";
        return Lacks(Tools);
    }

    /// <summary>The same, of what it takes to measure the way through a proxy.</summary>
    public static string? MissingForRedirect() => Missing() ?? Lacks(ToolsOfRedirect);

    private static string? Lacks(string[] tools)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        return tools.FirstOrDefault(tool => !path.Any(directory => File.Exists(Path.Combine(directory, tool)))) is { } tool ? $"there is no {tool} on the path" : null;
    }
}
