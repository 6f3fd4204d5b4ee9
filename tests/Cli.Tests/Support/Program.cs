using System.Diagnostics;
using ClusterMesh.Cli.Demo;
using ClusterMesh.Cli.Processes;

namespace ClusterMesh.Cli.Tests;

/// <summary>The real clustermesh program, as it was built.</summary>
internal static class Program
{
    public static ProcessStartInfo With(params IEnumerable<string> arguments) => new(Launch.Self.File, Launch.Self.With(arguments))
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        RedirectStandardInput = true,
    };
}
