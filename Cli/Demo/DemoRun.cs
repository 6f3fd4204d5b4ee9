using System.Globalization;
using ClusterMesh.Cli.Admin;
using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Cli.Commands;
using ClusterMesh.Cli.Processes;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Demo;

/// <summary>The demo from start to end: set up, play each row, print the table, stay if asked, end everything.</summary>
internal sealed class DemoRun(Binaries binaries, Screen screen, TimeProvider time)
{
    /// <summary>The rows end by themselves before a minute is over, whatever the gateway does.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(57);

    public async Task<int> RunAsync(bool keep, CancellationToken cancel)
    {
        var start = time.GetTimestamp();
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        try
        {
            using var stage = await Stage.SetUpAsync(binaries, time, text => screen.Line(text), ended.Token);
            screen.Line(Text($"ready after {Seconds(start)} s"));
            var rows = await PlayAsync(stage, ended.Token);
            cancel.ThrowIfCancellationRequested();
            screen.Line();
            screen.Table(DemoReport.Table(rows));
            var held = rows.Count(row => row.Holds);
            screen.Line(Text($"{held} of {rows.Count} rows as expected, {Seconds(start)} s"), held == rows.Count ? Tone.Good : Tone.Bad);
            if (keep)
                await StayAsync(stage, cancel);
            return held == rows.Count ? ExitCode.Ok : ExitCode.Failed;
        }
        catch (Exception error) when (error is DemoException or LaunchException or BootstrapException)
        {
            screen.Error(error.Message);
        }
        catch (OperationCanceledException)
        {
            screen.Error(cancel.IsCancellationRequested ? "demo interrupted; all that it started is ended" : Text($"demo not set up within {Deadline.TotalSeconds} s"));
        }

        return ExitCode.Failed;
    }

    private async Task<IReadOnlyList<Row>> PlayAsync(Stage stage, CancellationToken cancel)
    {
        var rows = new List<Row>();
        foreach (var (index, scene) in DemoPlan.Scenes.Index())
        {
            var start = time.GetTimestamp();
            var row = await PlayAsync(scene, stage, cancel);
            rows.Add(row);
            screen.Line(Text($"{index + 1,2}/{DemoPlan.Scenes.Count} {(row.Holds ? "ok " : "OFF")} {scene.What} ({Seconds(start)} s)"), row.Holds ? Tone.Plain : Tone.Bad);
        }

        return rows;
    }

    /// <summary>A row that breaks is a row that is off; the others are still played.</summary>
    private static async Task<Row> PlayAsync(Scene scene, Stage stage, CancellationToken cancel)
    {
        IReadOnlyList<Check> checks;
        try
        {
            stage.ThrowIfAnyEnded();
            cancel.ThrowIfCancellationRequested();
            checks = await scene.PlayAsync(stage, cancel);
            stage.ThrowIfAnyEnded();
        }
        catch (OperationCanceledException)
        {
            checks = [new("played", "not played: out of time", Holds: false)];
        }
        catch (Exception error) when (error is DemoException or LaunchException or AdminException or HttpRequestException or IOException)
        {
            checks = [new("played", error.Message, Holds: false)];
        }

        return new(scene.What, checks, scene.Why);
    }

    private async Task StayAsync(Stage stage, CancellationToken cancel)
    {
        screen.Line();
        foreach (var line in WhatToTry.Lines(stage))
            screen.Line(line);
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private double Seconds(long start) => Math.Round(time.GetElapsedTime(start).TotalSeconds, 1);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
