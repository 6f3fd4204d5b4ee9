using System.ComponentModel;
using System.Diagnostics;

namespace ClusterMesh.Cli.Lab.Network;

/// <summary>Runs a program of the system to its end.</summary>
internal static class Tool
{
    /// <param name="input">What it reads; null = nothing.</param>
    /// <exception cref="LabException">It is not there.</exception>
    public static async Task<Outcome> RunAsync(string program, IEnumerable<string> arguments, string? input = null, CancellationToken cancel = default)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Start(start);
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
            try
            {
                await process.StandardInput.WriteAsync(input.AsMemory(), cancel);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It did not want all of it.
            }

            await process.WaitForExitAsync(cancel);
            return new(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>iproute2's `ip`, with lines of its own language.</summary>
    /// <param name="within">The namespace that they are about; null = none.</param>
    /// <exception cref="LabException">One of them was refused; those before it hold.</exception>
    public static Task IpAsync(NetworkNamespace? within, params IEnumerable<string> lines)
    {
        var text = string.Join('\n', lines) + "\n";
        return RequireAsync("ip", within is null ? ["-batch", "-"] : ["-n", within.Name, "-batch", "-"], text);
    }

    private static async Task RequireAsync(string program, IReadOnlyList<string> arguments, string? input)
    {
        var outcome = await RunAsync(program, arguments, input);
        if (outcome.Code != 0) throw new LabException($"{program} {string.Join(' ', arguments)}: {outcome.Errors.Trim()}");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new LabException($"cannot start {start.FileName}: {error.Message}; iproute2 and util-linux are needed, on Debian: apt-get install iproute2 util-linux", error);
        }
    }
}

/// <summary>How a program ended, and what it said.</summary>
internal sealed record Outcome(int Code, string Output, string Errors);
