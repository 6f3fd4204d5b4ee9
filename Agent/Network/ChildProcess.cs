using System.ComponentModel;
using System.Diagnostics;

namespace ClusterMesh.Agent.Network;

/// <summary>A tool of the system that is run to its end. It sees the network namespace of the agent.</summary>
internal static class ChildProcess
{
    /// <param name="input">For its standard input; null = it gets none.</param>
    /// <returns>What it printed.</returns>
    /// <exception cref="NetworkException">It is not installed, or failed: what it said.</exception>
    public static string Run(string file, string[] arguments, string? input = null)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            if (input is not null) process.StandardInput.Write(input);
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode == 0) return output;
            throw new NetworkException($"{file} {string.Join(' ', arguments)}: {error.Result.Trim()}");
        }
        catch (Exception exception) when (exception is Win32Exception or IOException)
        {
            throw new NetworkException($"{file} cannot be run: {exception.Message}", exception);
        }
    }
}
