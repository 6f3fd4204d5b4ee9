using System.CommandLine;
using ClusterMesh.Cli.Commands;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Tests;

/// <summary>Runs one command line in this process, as if its output were piped.</summary>
internal static class CommandLine
{
    public static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var configuration = new InvocationConfiguration { Output = output, Error = errors, ProcessTerminationTimeout = null };
        var code = await Root.InvokeAsync(arguments, new Screen(output, errors), configuration);
        return (code, output.ToString(), errors.ToString());
    }
}
