using System.CommandLine;
using ClusterMesh.Cli.Bootstrap;

namespace ClusterMesh.Cli.Commands;

/// <summary>The directory of a cluster as an argument.</summary>
internal static class HomeArgument
{
    public static Argument<ClusterHome> Of(string name, string description) =>
        new(name) { Description = description, CustomParser = result => new ClusterHome(result.Tokens[0].Value) };
}
