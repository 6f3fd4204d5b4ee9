using ClusterMesh.Cli.Processes;

namespace ClusterMesh.Cli.Lab.Nodes;

/// <summary>The programs that a lab runs.</summary>
internal sealed record LabPrograms(Launch Self, Launch Agent, Launch Proxy, Launch Gateway, Launch Etcd)
{
    /// <param name="bin">The directory with clustermesh-agent, clustermesh-proxy and clustermesh-ingress; null = beside this program, or bin/ above it.</param>
    /// <exception cref="LabException">There is none.</exception>
    /// <exception cref="LaunchException">There is no etcd.</exception>
    public static LabPrograms Find(string? bin) => new(Launch.Self, Find("clustermesh-agent", bin), Find("clustermesh-proxy", bin), Find("clustermesh-ingress", bin), Launch.OnPath("etcd", "etcd-server"));

    private static Launch Find(string program, string? bin)
    {
        if (bin is not null)
        {
            var asked = Path.GetFullPath(Path.Combine(bin, program));
            return File.Exists(asked) ? new(asked) : throw new LabException($"no {asked}; build it with: make build");
        }

        // The native launcher finds the runtime only in the usual places; who runs us knows where it is.
        var beside = Path.Combine(AppContext.BaseDirectory, $"{program}.dll");
        if (File.Exists(beside) && Path.GetFileName(Environment.ProcessPath) == "dotnet") return new(Environment.ProcessPath!, beside);
        if (File.Exists(Path.Combine(AppContext.BaseDirectory, program))) return new(Path.Combine(AppContext.BaseDirectory, program));
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var built = Path.Combine(folder.FullName, "bin", program);
            if (File.Exists(built)) return new(built);
        }

        throw new LabException($"no {program} beside this program, nor in bin/ above it; build it with: make build, or say where it is: --bin DIR");
    }
}
