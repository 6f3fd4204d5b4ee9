using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Cli.Inspect;

/// <summary>The remote's file: there, readable, and Cilium's format.</summary>
internal static class RemoteConfigStep
{
    /// <summary>NAME.yaml, or Cilium's own way: NAME.</summary>
    public static string PathOf(string directory, string remote) =>
        new[] { $"{remote}.yaml", $"{remote}.yml", remote }.Select(name => Path.Combine(directory, name)).FirstOrDefault(File.Exists) ?? Path.Combine(directory, $"{remote}.yaml");
}
