using ClusterMesh.Mesh.Grpc;
using ClusterMesh.Mesh.Wire.Protos;

namespace ClusterMesh.Mesh.Wire;

/// <summary>clustermesh.wire.v1.Policies/Stream, for its server and its client.</summary>
internal static class PolicyMethod
{
    public static readonly GrpcMethod<PoliciesRequest, PoliciesUpdate> Stream = new("clustermesh.wire.v1.Policies", "Stream", PoliciesRequest.Parser, PoliciesUpdate.Parser);

    /// <summary>Updates are about 1 MiB; what is said about one peer may be more.</summary>
    public static readonly GrpcLimits Limits = SnapshotMethod.Limits;
}
