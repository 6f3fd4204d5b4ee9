namespace ClusterMesh.Mesh.Grpc;

/// <summary>Largest message each way, in bytes; one over it fails its call with RESOURCE_EXHAUSTED.</summary>
public sealed record GrpcLimits(int Receive = 4 * 1024 * 1024, int Send = 128 * 1024 * 1024)
{
    public static GrpcLimits Default { get; } = new();
}
