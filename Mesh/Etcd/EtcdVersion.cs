namespace ClusterMesh.Mesh.Etcd;

/// <summary>What differs between etcd's releases.</summary>
internal static class EtcdVersion
{
    /// <summary>
    /// Older servers answer a request for progress with their newest revision even while events before it are still to come
    /// (etcd issue 15220, mended in 3.4.25 and 3.5.8); Kubernetes does not use it on them either.
    /// </summary>
    public static bool TellsProgress(string version) =>
        Version.TryParse(version.Split('-', '+')[0], out var number) && number switch
        {
            { Major: 3, Minor: 4 } => number.Build >= 25,
            { Major: 3, Minor: 5 } => number.Build >= 8,
            _ => number >= new Version(3, 6),
        };
}
