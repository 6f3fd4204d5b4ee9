using System.CommandLine;
using System.Runtime.InteropServices;
using ClusterMesh.Cli.Demo;
using ClusterMesh.Cli.Demo.Kernel;
using ClusterMesh.Cli.Processes;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>
/// clustermesh demo: two clusters of real backends that know each other through their etcds, and what they do, measured; then, where a lab
/// can be made, the same from pod to pod in the kernel.
/// </summary>
internal static class DemoCommand
{
    public static Command Create(Screen screen)
    {
        var keep = new Option<bool>("--keep") { Description = "Stay up after the table, and say what to try." };
        var bin = new Option<string?>("--bin") { Description = "Where clustermesh-ingress and clustermesh-agent are (default: beside this program).", HelpName = "DIR" };
        var manifests = new Option<string?>("--manifests") { Description = "Where the manifests of west and east are (default: config/demo).", HelpName = "DIR" };
        var command = new Command("demo", "Start two clusters, each with backends, etcd, agent and gateway; play failovers, canaries and losses; as root the same in a lab, from pods through the kernel; measure.") { keep, bin, manifests };
        command.SetAction(async (parsed, cancel) =>
        {
            // Signals are ours only once this has returned a task; nothing may be started before.
            await Task.Yield();
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            // A closed terminal must not leave processes behind either.
            using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
            {
                signal.Cancel = true;
                ended.Cancel();
            });
            try
            {
                var binaries = Binaries.Find(parsed.GetValue(bin), parsed.GetValue(manifests));
                return await new DemoRun(binaries, KernelNeeds.Missing(Path.GetDirectoryName(binaries.Agent.File)!), screen, TimeProvider.System).RunAsync(parsed.GetValue(keep), ended.Token);
            }
            catch (Exception error) when (error is DemoException or LaunchException)
            {
                screen.Error(error.Message);
                return ExitCode.Failed;
            }
        });
        return command;
    }
}
