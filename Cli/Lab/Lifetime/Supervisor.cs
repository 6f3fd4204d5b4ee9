using System.Runtime.InteropServices;
using ClusterMesh.Cli.Lab.Topology;

namespace ClusterMesh.Cli.Lab.Lifetime;

/// <summary>
/// The process that a lab belongs to. Until whoever started it says "stay", the end of its input is the end of the lab; then only a
/// signal is.
/// </summary>
internal static class Supervisor
{
    public const string Ready = "lab is ready", Stay = "stay";

    /// <exception cref="LabException"/>
    public static async Task RunAsync(LabTopology topology, LabOptions options, TextReader input, TextWriter output, CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, static signal => signal.Cancel = true);
        // In the background: reading a line of the console does not hear tokens.
        _ = Task.Factory.StartNew(() =>
        {
            while (input.ReadLine() is { } line)
                if (line == Stay) return;
            end.Cancel();
        }, TaskCreationOptions.LongRunning);

        await using var lab = await RunningLab.UpAsync(topology, options, end.Token);
        using var server = new LabServer(new(options.Name), new(lab));
        var serving = server.RunAsync(end.Token);
        await output.WriteLineAsync(Ready);
        await output.FlushAsync(end.Token);
        await serving;
    }
}
