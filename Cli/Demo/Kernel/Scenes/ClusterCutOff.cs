namespace ClusterMesh.Cli.Demo.Kernel.Scenes;

internal sealed class ClusterCutOff : KernelScene
{
    private const int Settled = 300;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(3), Limit = TimeSpan.FromSeconds(6);

    public override string What => "cluster-2 cut off under load, and back";

    public override string Why => "agents probe nodes: backends of one that is silent leave the kernel, and return when it has proven itself";

    public override async Task<IReadOnlyList<Check>> PlayAsync(LabStage stage, CancellationToken cancel)
    {
        await using var load = stage.One.StartLoad(cancel);
        await load.MoreAsync(Settled, cancel);
        var cut = stage.One.Now;
        await stage.Lab.CutAsync(LabStage.TwoName);
        try
        {
            await load.UntilAsync(Settled, late => late.From(cut + Window).Answers.Count >= Settled, Limit, cancel);
        }
        finally
        {
            await stage.Lab.HealAsync(LabStage.TwoName);
        }

        var healed = stage.One.Now;
        await load.UntilAsync(Settled, late => late.From(healed).Percent(FromTwo) > 25, Limit, cancel);
        return Judge(await load.StopAsync(), cut, healed);
    }

    public static IReadOnlyList<Check> Judge(Sample sample, TimeSpan cut, TimeSpan healed)
    {
        // What was under way when the link was cut belongs to the window.
        var begun = cut - TimeSpan.FromSeconds(1);
        var inside = sample.From(begun).Before(cut + Window);
        var without = sample.From(cut + Window).Before(healed);
        var lastFailure = inside.Answers.Where(answer => answer.Failure is not null).Select(answer => answer.At).DefaultIfEmpty(cut).Max();
        var back = sample.From(healed).Answers.Where(FromTwo).Select(answer => (TimeSpan?)answer.At).Min();
        return
        [
            Check.Within("last failure", lastFailure - cut, Window),
            Check.All("cluster-1 from then on", without, FromOne),
            Check.Within("cluster-2 back", back - healed, Limit),
            Check.NoFailures(sample.Where(answer => answer.At < begun || answer.At >= cut + Window)) with { Expected = "0 failed before and after" },
        ];
    }
}
