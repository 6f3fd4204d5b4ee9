using System.CommandLine;
using ClusterMesh.Cli.Rendering;

namespace ClusterMesh.Cli.Commands;

internal static class DemoCommand
{
    public static Command Create(Screen screen) => new("demo");
}
