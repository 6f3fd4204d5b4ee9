using System.Diagnostics;
using ClusterMesh.MeshBench.Simulated;

namespace ClusterMesh.MeshBench;

/// <summary>255 clusters with 250,000 endpoints in one agent: time to ready, memory, CPU.</summary>
internal static class ManyClustersBench
{
    public static async Task RunAsync(bool quick)
    {
        // Our own id is one of the 255.
        var size = MeshSize.Many(quick ? 20 : 254);
        await using var simulated = await SimulatedProcess.StartAsync(size.Clusters);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var begun = TimeProvider.System.GetTimestamp();
        await using var remotes = new Remotes(LocalServices.Of("west", size), 255, simulated.Remotes(size.Clusters));
        remotes.Start();
        await remotes.ReadyAsync(size.Clusters, size.Endpoints, TimeSpan.FromMinutes(3));
        var seconds = TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
        var used = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        var live = GC.GetTotalMemory(forceFullCollection: true) - before;
        Print.Value("many-clusters", size.Clusters + 1, "clusters");
        Print.Value("many-clusters-endpoints", size.Endpoints, "endpoints");
        Print.Value("many-clusters-ready", seconds, "s");
        Print.Value("many-clusters-cpu", used.TotalSeconds, "s");
        Print.Value("many-clusters-memory", live / 1048576.0, "MiB");
        Print.Value("many-clusters-memory-per-endpoint", live / (double)size.Endpoints, "B");
        // Cilium's published figure: 200 clusters of 15,000 endpoints in 15 GiB (cilium.md 1.8).
        Print.Ratio("many-clusters-memory-per-endpoint-vs-cilium-published", live / (double)size.Endpoints / (15.0 * 1073741824 / (200 * 15_000)));
    }
}
