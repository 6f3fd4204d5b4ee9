using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

/// <summary>Runs what makes files and users; what cannot be done is one line on stderr.</summary>
internal static class BootstrapAction
{
    public static Task<int> RunAsync(Screen screen, Action act) => RunAsync(screen, () =>
    {
        act();
        return Task.CompletedTask;
    });

    public static async Task<int> RunAsync(Screen screen, Func<Task> act)
    {
        try
        {
            await act();
            return ExitCode.Ok;
        }
        catch (BootstrapException error)
        {
            screen.Error(error.Message);
            foreach (var line in error.ToRun)
                screen.Verbatim($"  {line}");
            return ExitCode.Failed;
        }
    }
}
