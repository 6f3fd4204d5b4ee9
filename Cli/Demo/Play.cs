using System.Globalization;
using ClusterMesh.Cli.Admin;
using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Cli.Lab;
using ClusterMesh.Cli.Processes;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Demo;

/// <summary>Plays rows one after the other and says how each went.</summary>
/// <param name="total">How many there will be.</param>
internal sealed class Play(Screen screen, TimeProvider time, int total)
{
    private readonly List<Row> _rows = [];

    public IReadOnlyList<Row> Rows => _rows;

    public bool Held => _rows.All(row => row.Holds);

    public async Task RunAsync<TStage>(IReadOnlyList<Scene<TStage>> scenes, TStage stage, CancellationToken cancel)
        where TStage : IStage
    {
        foreach (var scene in scenes)
        {
            await PlayAsync(scene.What, scene.Why, async () =>
            {
                stage.ThrowIfAnyEnded();
                cancel.ThrowIfCancellationRequested();
                var checks = await scene.PlayAsync(stage, cancel);
                stage.ThrowIfAnyEnded();
                return checks;
            });
        }
    }

    /// <summary>A row that breaks is a row that is off; the others are still played.</summary>
    public async Task PlayAsync(string what, string why, Func<Task<IReadOnlyList<Check>>> play)
    {
        var start = time.GetTimestamp();
        IReadOnlyList<Check> checks;
        try
        {
            checks = await play();
        }
        catch (OperationCanceledException)
        {
            checks = [new("played", "not played: out of time", Holds: false)];
        }
        catch (Exception error) when (error is DemoException or LaunchException or LabException or BootstrapException or AdminException or HttpRequestException or IOException)
        {
            checks = [new("played", error.Message, Holds: false)];
        }

        var row = new Row(what, checks, why);
        _rows.Add(row);
        var took = Math.Round(time.GetElapsedTime(start).TotalSeconds, 1);
        screen.Line(string.Create(CultureInfo.InvariantCulture, $"{_rows.Count,2}/{total} {(row.Holds ? "ok " : "OFF")} {what} ({took} s)"), row.Holds ? Tone.Plain : Tone.Bad);
    }
}
