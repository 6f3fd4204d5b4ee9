using ClusterMesh.Load.Processes;

namespace ClusterMesh.Load.Drills;

internal sealed class WeightsDrill : IDrill
{
    private const int Changes = 100;
    private const int LastWeight = 25;

    public string Name => "weights";

    public string Story => $"change a canary's weight {Changes} times, each one taking effect; the last one, {LastWeight} %, is what traffic shows";

    public async Task PrepareAsync(DrillContext context, CancellationToken stop)
    {
        Write(context, 0);
        await context.Stage.StartAsync(context.Scene.Next, stop);
    }

    public async Task PlayAsync(DrillContext context, CancellationToken stop)
    {
        var applied = 0;
        for (var change = 1; change <= Changes; change++)
        {
            var before = await context.Gateways[0].SnapshotAsync(stop);
            Write(context, WeightAfter(change));
            var took = await Until.TrueAsync(
                async () => await context.Gateways[0].SnapshotAsync(stop) > before, TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(10), stop);
            applied += took is null ? 0 : 1;
        }

        context.Checks.Add(new Check("weight changes applied", $"{Changes}", $"{applied}", applied == Changes));
        await Task.Delay(TimeSpan.FromMilliseconds(500), context.Time, stop);
        var window = await context.ObserveAsync(TimeSpan.FromSeconds(5), stop);
        context.Checks.Add(Check.Share("end state", window.Versions, "v2", LastWeight, points: 0.5));
    }

    /// <summary>Steps through 0..100 without order; no two in a row are equal, and the last is the one that is measured.</summary>
    internal static int WeightAfter(int change) => change == Changes ? LastWeight : change * 37 % 101;

    private static void Write(DrillContext context, int weight) =>
        context.Stage.West.Write("canary.yaml", Manifests.Canary("rebel-canary", Scene.Host, Scene.NextService, weight));
}
