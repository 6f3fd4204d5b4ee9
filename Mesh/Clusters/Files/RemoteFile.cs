using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Sources.Files;

namespace ClusterMesh.Mesh.Clusters.Files;

/// <summary>One client file as it was last read.</summary>
/// <param name="Config">The last good one; null = there was none yet.</param>
/// <param name="Failure">Why the newest content is not used; null = it is.</param>
internal sealed record RemoteFile(FileStamp Stamp, EtcdConfig? Config, string? Failure)
{
    public static RemoteFile Read(string path, FileStamp stamp, RemoteFile? before)
    {
        if (stamp.Type is not FileType.Regular) return new(stamp, before?.Config, "is not a regular file");
        try
        {
            return new(stamp, EtcdConfigFile.Read(path), null);
        }
        catch (EtcdConfigException e)
        {
            return new(stamp, before?.Config, e.Message);
        }
    }
}
