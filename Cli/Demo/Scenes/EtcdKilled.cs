namespace ClusterMesh.Cli.Demo.Scenes;

internal sealed class EtcdKilled : Scene
{
    private const int Settled = 300;

    // A watch that breaks is tried again for 15 s: until then it can go on where it was, and nothing is in doubt.
    private static readonly TimeSpan Lost = TimeSpan.FromSeconds(20), Found = TimeSpan.FromSeconds(15);

    public override string What => "east's etcd killed and back";

    public override string Why => "who cannot be asked is not gone: its backends stay, marked unconfirmed, and their health decides";

    public override async Task<IReadOnlyList<Check>> PlayAsync(Stage stage, CancellationToken cancel)
    {
        await using var load = stage.West.Traffic.StartLoad("rebel-base.example", cancel);
        await load.MoreAsync(Settled, cancel);
        var killed = stage.West.Traffic.Now;
        stage.East.Etcd.Kill();
        var lost = await stage.West.SeesAsync(Stage.EastName, east => !east.Confirmed, Lost, cancel);
        await load.MoreAsync(Settled, cancel);
        var returned = stage.West.Traffic.Now;
        stage.East.Etcd.Start();
        var found = await stage.West.SeesAsync(Stage.EastName, east => east is { Confirmed: true, State: "ready" }, Found, cancel);
        return Judge(await load.StopAsync(), killed, returned, lost, found);
    }

    /// <param name="lost">How long it took until west knew that it can no longer ask; null = it never did.</param>
    /// <param name="found">How long it took from etcd's new start until all was confirmed.</param>
    public static IReadOnlyList<Check> Judge(Sample sample, TimeSpan killed, TimeSpan returned, TimeSpan? lost, TimeSpan? found)
    {
        var away = sample.From(killed).Before(returned);
        return
        [
            Check.Within("east unconfirmed", lost, Lost),
            Check.Share("east while its etcd is away", away, FromEast, 50, 5),
            Check.Pods("in both", away, _ => true, 8),
            Check.Within("east ready", found, Found),
            Check.NoFailures(sample),
        ];
    }
}
