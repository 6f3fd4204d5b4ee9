using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.MeshBench;

/// <summary>From nothing to 100,000 backends of one remote merged, out of a real etcd: time and live memory.</summary>
internal static class FirstSyncBench
{
    public static async Task RunAsync(bool quick)
    {
        var size = new MeshSize(1, quick ? 500 : 5_000, 20);
        await using var etcd = await BenchEtcd.StartAsync();
        await using (var writer = EtcdClient.Open(etcd.Config, TimeProvider.System)) await ClusterKeys.WriteAsync(writer, ClusterKeys.Of("east", 2, size, pods: false));

        // The bare list of the same keys is what reading costs at least.
        var bare = await BareListAsync(etcd.Config);
        var times = new List<double>();
        var perBackend = 0.0;
        for (var round = 0; round < (quick ? 1 : 5); round++)
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            await using var remotes = new Remotes(LocalServices.Of("west", size), 1, [("east", etcd.Config.Endpoints[0])]);
            var local = GC.GetTotalMemory(forceFullCollection: true) - before;
            var begun = TimeProvider.System.GetTimestamp();
            remotes.Start();
            await remotes.ReadyAsync(1, size.Endpoints, TimeSpan.FromMinutes(1));
            times.Add(TimeProvider.System.GetElapsedTime(begun).TotalSeconds);
            // Live memory of the first round; later ones find parts of the one before.
            if (round == 0) perBackend = (GC.GetTotalMemory(forceFullCollection: true) - before - local) / (double)size.Endpoints;
        }

        times.Sort();
        Print.Value("first-sync-backends", size.Endpoints, "backends");
        Print.Value("first-sync-seconds", times[times.Count / 2], "s");
        Print.Value("first-sync-seconds-worst", times[^1], "s");
        Print.Ratio("first-sync-vs-bare-list", times[times.Count / 2] / bare);
        Print.Value("first-sync-memory-per-backend", perBackend, "B");
    }

    private static async Task<double> BareListAsync(EtcdConfig config)
    {
        var best = double.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            await using var client = EtcdClient.Open(config, TimeProvider.System);
            var begun = TimeProvider.System.GetTimestamp();
            await foreach (var _ in client.ListAsync("cilium/"))
            {
            }

            best = Math.Min(best, TimeProvider.System.GetElapsedTime(begun).TotalSeconds);
        }

        return best;
    }
}
