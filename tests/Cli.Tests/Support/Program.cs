namespace ClusterMesh.Cli.Tests;

/// <summary>The real clustermesh program, as it was built.</summary>
internal static class Program
{
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "clustermesh");
}
