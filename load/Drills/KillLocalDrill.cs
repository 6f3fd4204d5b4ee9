namespace ClusterMesh.Load.Drills;

internal sealed class KillLocalDrill : IDrill
{
    public string Name => "kill-local";

    public string Story => "SIGKILL every local backend; all later traffic is the remote cluster's";

    public async Task PlayAsync(DrillContext context, CancellationToken stop)
    {
        context.KillLocal();
        await context.ExpectSwitchAsync("after the kill", "east", TimeSpan.FromSeconds(5), stop);
        await context.ExpectOnlyAsync("later on", "east", TimeSpan.FromSeconds(8), stop);
    }
}
