using System.Diagnostics;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>The command line, as users have it.</summary>
internal static class CommandLine
{
    public static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "clustermesh.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
