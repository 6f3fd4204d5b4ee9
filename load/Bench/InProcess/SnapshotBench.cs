namespace ClusterMesh.Bench;

/// <summary>
/// From objects to a snapshot in force, with 10,000 routes and 50,000 backends: the first time, and when one slice changed;
/// beside it YARP, given the same routes, clusters and destinations, until a request finds the last of them.
/// </summary>
internal static class SnapshotBench
{
    public static async Task RunAsync(bool quick)
    {
        var rounds = quick ? 1 : 5;
        var size = MeshSize.Large;
        var mesh = new MeshObjects(size);
        var (west, changed, east) = (mesh.West(), mesh.West(changed: true), mesh.East());
        var standing = new OurSide();
        standing.Apply(west, east);
        if (standing.Backends != size.Services * size.BackendsPerService || standing.Routes != size.Routes)
            throw new InvalidOperationException($"{standing.Backends} backends, {standing.Routes} routes");

        // An empty YARP for each round, started beforehand: its start is not what is timed.
        var yarpObjects = new YarpObjects(size);
        var yarps = await Task.WhenAll(Enumerable.Range(0, rounds).Select(_ => YarpSide.StartAsync()));
        var (flip, nextYarp) = (false, 0);
        var medians = Rounds.Medians(
            rounds,
            () => new OurSide().Apply(west, east),
            () => standing.Apply((flip = !flip) ? changed : west),
            () => yarps[nextYarp++].ApplyAsync(size, yarpObjects).GetAwaiter().GetResult());
        foreach (var yarp in yarps)
            await yarp.DisposeAsync();
        Print.Value("snapshot-build-10000-routes-50000-backends", medians[0].TotalMilliseconds, "ms");
        Print.Value("snapshot-change-of-one-slice", medians[1].TotalMilliseconds, "ms");
        Print.Value("yarp-update-10000-routes-50000-destinations", medians[2].TotalMilliseconds, "ms");
        Print.Ratio("snapshot-build-vs-yarp", medians[0] / medians[2]);
        Print.Ratio("snapshot-change-vs-build", medians[1] / medians[0]);
    }
}
