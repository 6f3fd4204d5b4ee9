namespace ClusterMesh.Bench;

/// <summary>Heap that 1,000 more routes hold, in the gateway (objects and all that is made of them) and in YARP.</summary>
internal static class MemoryBench
{
    /// <summary>Few services and backends, so that the routes are what is weighed.</summary>
    private static readonly MeshSize Routes = new(1000, 10, 10, 2);

    public static async Task RunAsync()
    {
        var ours = HeldBy(() =>
        {
            var mesh = new MeshObjects(Routes);
            var side = new OurSide();
            side.Apply(mesh.West(), mesh.East());
            return (mesh, side);
        });
        var yarp = await YarpHeldAsync();
        Print.Value("memory-per-1000-routes", ours / 1024.0 / (Routes.Routes / 1000), "KiB");
        Print.Value("yarp-memory-per-1000-routes", yarp / 1024.0 / (Routes.Routes / 1000), "KiB");
        Print.Ratio("memory-per-1000-routes-vs-yarp", (double)ours / yarp);
    }

    private static long HeldBy<T>(Func<T> make)
    {
        var before = Heap();
        var made = make();
        var held = Heap() - before;
        GC.KeepAlive(made);
        return held;
    }

    private static async Task<long> YarpHeldAsync()
    {
        await using var yarp = await YarpSide.StartAsync();
        var one = Routes with { Hosts = 1, PathsPerHost = 1 };
        await yarp.ApplyAsync(one, new YarpObjects(one));
        var before = Heap();
        await yarp.ApplyAsync(Routes, new YarpObjects(Routes));
        return Heap() - before;
    }

    private static long Heap() => GC.GetTotalMemory(forceFullCollection: true);
}
