namespace ClusterMesh.MeshBench;

/// <param name="Backends">Of each service in each cluster.</param>
internal sealed record MeshSize(int Clusters, int Services, int Backends, int Nodes = 10, int Identities = 100)
{
    public int Endpoints => Clusters * Services * Backends;

    /// <summary>About 980 endpoints in each: 255 of them have 250,000.</summary>
    public static MeshSize Many(int clusters) => new(clusters, 98, 10);
}
