using ClusterMesh.MeshBench.Simulated;

namespace ClusterMesh.MeshBench;

/// <summary>The same clusters read through the cache: one agent mirrors them into our etcd, ten read. What does a remote pay for each?</summary>
internal static class CacheBench
{
    private const int Agents = 10;

    public static async Task RunAsync(bool quick)
    {
        var size = MeshSize.Many(quick ? 10 : 254);
        await using var simulated = await SimulatedProcess.StartAsync(size.Clusters);
        await using var own = await BenchEtcd.StartAsync();
        var local = LocalServices.Of("west", size);
        var begun = TimeProvider.System.GetTimestamp();
        await using var mirror = new Remotes(local, 255, simulated.Remotes(size.Clusters), cache: own.Config);
        mirror.Start(mirroring: true);
        await mirror.ReadyAsync(size.Clusters, size.Endpoints, TimeSpan.FromMinutes(3));
        var readers = new List<Remotes>();
        try
        {
            // The first reader is ready when the mirror is whole.
            await AddAsync();
            Print.Value("cache-mirror-ready", TimeProvider.System.GetElapsedTime(begun).TotalSeconds, "s");
            var one = await simulated.BytesReadAsync();
            var (start, memory) = (TimeProvider.System.GetTimestamp(), GC.GetTotalMemory(forceFullCollection: true));
            while (readers.Count < Agents - 1) await AddAsync();
            var ten = await simulated.BytesReadAsync();
            Print.Value("cache-reader-ready", TimeProvider.System.GetElapsedTime(start).TotalSeconds / (Agents - 2), "s");
            Print.Value("cache-reader-memory-per-endpoint", (GC.GetTotalMemory(forceFullCollection: true) - memory) / (double)(Agents - 2) / size.Endpoints, "B");
            Print.Value("cache-remote-bytes-for-the-first-agent", one, "B");
            Print.Value("cache-remote-bytes-per-agent-added", (ten - one) / (double)(Agents - 2), "B");
        }
        finally
        {
            foreach (var reader in readers) await reader.DisposeAsync();
        }

        async Task AddAsync()
        {
            var reader = new Remotes(local, 255, simulated.Remotes(size.Clusters), cache: own.Config);
            readers.Add(reader);
            reader.Start();
            await reader.ReadyAsync(size.Clusters, size.Endpoints, TimeSpan.FromMinutes(5));
        }
    }
}
