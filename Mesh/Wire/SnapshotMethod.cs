using ClusterMesh.Mesh.Grpc;
using ClusterMesh.Mesh.Wire.Protos;

namespace ClusterMesh.Mesh.Wire;

/// <summary>clustermesh.wire.v1.Snapshots/Stream, for its server and its client.</summary>
internal static class SnapshotMethod
{
    public static readonly GrpcMethod<StreamRequest, SnapshotUpdate> Stream =
        new("clustermesh.wire.v1.Snapshots", "Stream", StreamRequest.Parser, SnapshotUpdate.Parser);

    /// <summary>Updates are about 1 MiB; one service with very many backends may be more.</summary>
    public static readonly GrpcLimits Limits = GrpcLimits.Default with { Receive = 64 * 1024 * 1024, Send = 64 * 1024 * 1024 };
}
