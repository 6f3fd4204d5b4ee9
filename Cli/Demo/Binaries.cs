using ClusterMesh.Cli.Processes;

namespace ClusterMesh.Cli.Demo;

/// <summary>Where the programs are that the demo starts, and the manifests that it copies.</summary>
internal sealed record Binaries(Launch Echo, Launch Gateway, Launch Agent, Launch Proxy, Launch Etcd, string Manifests)
{
    /// <param name="bin">Directory with clustermesh-ingress, clustermesh-agent and clustermesh-proxy; null = where this program is.</param>
    /// <param name="manifests">Directory with one directory per cluster; null = config/demo beside or above this program.</param>
    public static Binaries Find(string? bin, string? manifests) => new(
        Launch.Self,
        new(Existing(Path.Combine(bin ?? AppContext.BaseDirectory, "clustermesh-ingress"))),
        new(Existing(Path.Combine(bin ?? AppContext.BaseDirectory, "clustermesh-agent"))),
        new(Existing(Path.Combine(bin ?? AppContext.BaseDirectory, "clustermesh-proxy"))),
        Launch.OnPath("etcd", "etcd-server"),
        Path.GetFullPath(manifests ?? Above(AppContext.BaseDirectory)));

    private static string Existing(string file) =>
        File.Exists(file) ? Path.GetFullPath(file) : throw new DemoException($"no {file}; build it with: make build, or say where it is: --bin DIR");

    private static string Above(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            var demo = Path.Combine(folder.FullName, "config", "demo");
            if (Directory.Exists(demo))
                return demo;
        }

        throw new DemoException($"no config/demo at or above {start}; say where the manifests are: --manifests DIR");
    }
}
