using ClusterMesh.Load.Generator;

namespace ClusterMesh.Load.Drills;

/// <summary>Sets the scene, puts the load on, plays the drill, and takes everything down again.</summary>
internal static class DrillRunner
{
    /// <summary>The script around a drill ends it at 60 s: this leaves time to take down and to say what happened.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(52);

    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);

    public static async Task<DrillReport> RunAsync(IDrill drill, DrillSetup setup, CancellationToken stop)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var bound = TimeProvider.System.CreateTimer(_ => bounded.Cancel(), null, Bound, Timeout.InfiniteTimeSpan);
        await using var stage = new Stage(drill.Name, setup.KeepFiles);
        var context = new DrillContext(stage, new Scene(stage));
        Console.WriteLine($"{drill.Name}: {drill.Story}");
        var total = new Tally();
        try
        {
            await PrepareAsync(drill, context, bounded.Token);
            total = await PlayAsync(drill, context, setup, bounded.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            context.Checks.Add(new Check("time", $"done within {Bound.TotalSeconds} s", "not done", false));
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException or HttpRequestException or IOException)
        {
            context.Checks.Add(new Check("course", "every step works", e.Message, false));
        }

        context.Checks.Add(Check.NoneCrashed(stage.Crashed.Select(p => $"{p.Name} ended with {p.ExitCode}")));
        context.Checks.ForEach(c => context.Say(c.ToString()));
        var report = new DrillReport(drill.Name, total, context.Checks);
        stage.KeepFiles |= !report.Passed;
        return report;
    }

    private static async Task PrepareAsync(IDrill drill, DrillContext context, CancellationToken stop)
    {
        context.Scene.WriteManifests();
        context.Local = await context.Stage.StartAsync(context.Scene.West, stop);
        await context.Stage.StartAsync(context.Scene.East, stop);
        await drill.PrepareAsync(context, stop);
        for (var i = 0; i < drill.Gateways; i++)
            context.Gateways.Add(await context.Stage.StartGatewayAsync($"gateway-{i + 1}", stop));
    }

    private static async Task<Tally> PlayAsync(IDrill drill, DrillContext context, DrillSetup setup, CancellationToken stop)
    {
        var plan = new LoadPlan(setup.Rate, [.. context.Gateways.Select(g => g.Target(Scene.Host))]);
        var start = context.Time.GetTimestamp();
        await using var load = context.Load = LoadRun.Start(plan, context.Time);
        try
        {
            await Task.Delay(Settle, context.Time, stop);
            await context.ExpectOnlyAsync("before", "west", TimeSpan.FromSeconds(1), stop);
            await drill.PlayAsync(context, stop);
        }
        finally
        {
            var length = context.Time.GetElapsedTime(start);
            var total = await load.StopAsync();
            Console.WriteLine(TallyText.Lines(total).Replace(Environment.NewLine, Environment.NewLine + "  ", StringComparison.Ordinal).Insert(0, "  "));
            context.Checks.Insert(0, Check.NoneFailed(total));
            context.Checks.Insert(1, Check.RateHeld(total, setup.Rate, length));
        }

        return load.Recorder.Total();
    }
}
