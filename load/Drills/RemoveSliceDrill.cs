namespace ClusterMesh.Load.Drills;

internal sealed class RemoveSliceDrill : IDrill
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(5);

    public string Name => "remove-slice";

    public string Story => "take the local endpoints out of the EndpointSlice, then put them back; traffic follows both times";

    public async Task PlayAsync(DrillContext context, CancellationToken stop)
    {
        for (var round = 1; round <= 3; round++)
        {
            context.Scene.WriteSlice([]);
            context.Say($"round {round}: local endpoints removed");
            await context.ExpectSwitchAsync($"removal {round}", "east", Bound, stop);
            await context.ExpectOnlyAsync($"while removed {round}", "east", TimeSpan.FromSeconds(2), stop);

            context.Scene.WriteSlice(context.Scene.West);
            context.Say($"round {round}: local endpoints put back");
            await context.ExpectSwitchAsync($"return {round}", "west", Bound, stop);
            await context.ExpectOnlyAsync($"after the return {round}", "west", TimeSpan.FromSeconds(2), stop);
        }
    }
}
