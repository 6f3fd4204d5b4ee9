using System.Diagnostics;
using ClusterMesh.Cli.Processes;

namespace ClusterMesh.Cli.Lab.Lifetime;

/// <summary>Starts a supervisor, in a session of its own, and leaves it once its lab is ready.</summary>
internal static class LabLaunch
{
    /// <param name="arguments">Of `lab supervise`.</param>
    /// <param name="say">Told of each of its steps.</param>
    /// <exception cref="LabException">The lab did not come up; nothing is left of it.</exception>
    public static async Task UpAsync(IEnumerable<string> arguments, Action<string> say, CancellationToken cancel)
    {
        var start = new ProcessStartInfo("setsid", [Launch.Self.File, .. Launch.Self.With(["lab", "supervise", .. arguments])]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var supervisor = Process.Start(start)!;
        var errors = supervisor.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            while (await supervisor.StandardOutput.ReadLineAsync(cancel) is { } line)
            {
                if (line != Supervisor.Ready)
                {
                    say(line);
                    continue;
                }

                await supervisor.StandardInput.WriteLineAsync(Supervisor.Stay);
                await supervisor.StandardInput.FlushAsync(cancel);
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // It hears that and takes everything away; that is waited for.
            supervisor.StandardInput.Close();
            await supervisor.WaitForExitAsync(CancellationToken.None);
            throw new LabException("interrupted; nothing is left of the lab");
        }

        await supervisor.WaitForExitAsync(cancel);
        throw new LabException(Reason(await errors) is { Length: > 0 } reason ? reason : "the supervisor ended without a word");
    }

    private static string Reason(string errors) => errors.Trim().Replace("clustermesh: ", "", StringComparison.Ordinal);
}
