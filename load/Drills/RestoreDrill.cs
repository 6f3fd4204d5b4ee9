namespace ClusterMesh.Load.Drills;

internal sealed class RestoreDrill : IDrill
{
    public string Name => "restore";

    public string Story => "SIGKILL every local backend and start them again; traffic goes to the remote cluster and returns";

    public async Task PlayAsync(DrillContext context, CancellationToken stop)
    {
        context.KillLocal();
        await context.ExpectSwitchAsync("after the kill", "east", TimeSpan.FromSeconds(5), stop);
        await context.ExpectOnlyAsync("while gone", "east", TimeSpan.FromSeconds(2), stop);

        await context.Stage.StartAsync(context.Scene.West, stop);
        context.Say("local backends started again");
        // Ejected backends come back by probation, whose length the gateway chooses.
        await context.ExpectSwitchAsync("after the restart", "west", TimeSpan.FromSeconds(25), stop);
        await context.ExpectOnlyAsync("later on", "west", TimeSpan.FromSeconds(3), stop);
    }
}
