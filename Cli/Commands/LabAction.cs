using ClusterMesh.Cli.Admin;
using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Cli.Lab;
using ClusterMesh.Cli.Processes;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>Runs a command of the lab; what cannot be done is one line on stderr.</summary>
internal static class LabAction
{
    public static async Task<int> RunAsync(Screen screen, Func<Task<int>> act)
    {
        // Signals are ours only once this has returned a task; nothing may be started before.
        await Task.Yield();
        try
        {
            return Environment.IsPrivilegedProcess ? await act() : throw new LabException("a lab needs root: it makes network namespaces and loads programs into the kernel");
        }
        catch (Exception error) when (error is LabException or LaunchException or AdminException or BootstrapException)
        {
            screen.Error(error.Message);
        }
        catch (OperationCanceledException)
        {
            screen.Error("interrupted");
        }

        return ExitCode.Failed;
    }
}
