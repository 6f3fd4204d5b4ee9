using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Cli.Inspect;

/// <summary>The remote's file: there, readable, and Cilium's format.</summary>
internal static class RemoteConfigStep
{
    private const string Make = "clustermesh connect DIR OTHER writes it; other programs' files must have endpoints, trusted-ca-file, cert-file and key-file";

    /// <summary>NAME.yaml, or Cilium's own way: NAME.</summary>
    public static string PathOf(string directory, string remote) =>
        new[] { $"{remote}.yaml", $"{remote}.yml", remote }.Select(name => Path.Combine(directory, name)).FirstOrDefault(File.Exists) ?? Path.Combine(directory, $"{remote}.yaml");

    public static (InspectStep Step, EtcdConfig? Config) Read(string path)
    {
        if (!File.Exists(path)) return (InspectStep.Failed(InspectSteps.File, $"{path} is not there", Make), null);
        try
        {
            var config = EtcdConfigFile.Read(path);
            return (InspectStep.Ok(InspectSteps.File, $"{path}: {string.Join(", ", config.Endpoints.Select(EtcdEndpoint.Text))}"), config);
        }
        catch (EtcdConfigException error)
        {
            return (InspectStep.Failed(InspectSteps.File, error.Message, Make), null);
        }
    }
}
