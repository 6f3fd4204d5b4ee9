using System.Globalization;
using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Cli.Commands;
using ClusterMesh.Cli.Demo.Kernel;
using ClusterMesh.Cli.Processes;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Demo;

/// <summary>The demo from start to end: set up, play each row, print the table, stay if asked, end everything.</summary>
/// <param name="kernelMissing">Why the kernel's rows cannot be played here; null = they can.</param>
internal sealed class DemoRun(Binaries binaries, string? kernelMissing, Screen screen, TimeProvider time)
{
    /// <summary>The rows end by themselves, whatever gateways, kernel and proxies do, on a machine that is far too busy.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(57), LabDeadline = TimeSpan.FromSeconds(80), LabLimit = TimeSpan.FromSeconds(30);

    private readonly long _start = time.GetTimestamp();

    public async Task<int> RunAsync(bool keep, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        try
        {
            using var stage = await Stage.SetUpAsync(binaries, time, text => screen.Line(text), ended.Token);
            screen.Line(Text($"ready after {Seconds} s"));
            var play = new Play(screen, time, DemoPlan.Gateway.Count + (kernelMissing is null ? DemoPlan.Kernel.Count + 1 : 0));
            await play.RunAsync(DemoPlan.Gateway, stage, ended.Token);
            cancel.ThrowIfCancellationRequested();
            await using var lab = kernelMissing is null ? await PlayKernelAsync(play, cancel) : null;
            cancel.ThrowIfCancellationRequested();
            Report(play);
            if (keep)
                await StayAsync(stage, lab, cancel);
            return play.Held ? ExitCode.Ok : ExitCode.Failed;
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

    /// <returns>The lab, where it came up.</returns>
    private async Task<LabStage?> PlayKernelAsync(Play play, CancellationToken cancel)
    {
        LabStage? stage = null;
        await play.PlayAsync("a lab of two clusters on this machine", "network namespaces: nodes, pods, and for each node a proxy, and an agent that loads its programs into the kernel", async () =>
        {
            var begun = time.GetTimestamp();
            stage = await LabStage.UpAsync(new(binaries.Echo, binaries.Agent, binaries.Proxy, binaries.Gateway, binaries.Etcd), time, cancel);
            return [Check.Within(Text($"{stage.Lab.State.Pods.Count} pods on {stage.Lab.State.Nodes.Count} nodes ready"), time.GetElapsedTime(begun), LabLimit)];
        });
        if (stage is null) return null;
        // From here: a lab has a patience of its own.
        using var deadline = new CancellationTokenSource(LabDeadline, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        await play.RunAsync(DemoPlan.Kernel, stage, ended.Token);
        return stage;
    }

    private void Report(Play play)
    {
        screen.Line();
        screen.Table(DemoReport.Table(play.Rows));
        if (kernelMissing is not null)
            screen.Line(DemoReport.LeftOut(kernelMissing));
        screen.Line(Text($"{play.Rows.Count(row => row.Holds)} of {play.Rows.Count} rows as expected, {Seconds} s"), play.Held ? Tone.Good : Tone.Bad);
    }

    private async Task StayAsync(Stage stage, LabStage? lab, CancellationToken cancel)
    {
        screen.Line();
        foreach (var line in WhatToTry.Lines(stage))
            screen.Line(line);
        if (lab is null)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        screen.Line();
        foreach (var line in WhatToTry.Lines(lab))
            screen.Verbatim(line);
        await lab.ServeAsync(cancel);
    }

    private double Seconds => Math.Round(time.GetElapsedTime(_start).TotalSeconds, 1);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
