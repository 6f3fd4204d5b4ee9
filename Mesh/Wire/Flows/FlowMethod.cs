using ClusterMesh.Mesh.Grpc;
using Messages = ClusterMesh.Mesh.Wire.Protos;

namespace ClusterMesh.Mesh.Wire.Flows;

/// <summary>clustermesh.wire.v1.Flows/Report, for its server and its client.</summary>
internal static class FlowMethod
{
    public static readonly GrpcMethod<Messages.FlowReport, Messages.FlowReportAnswer> Report =
        new("clustermesh.wire.v1.Flows", "Report", Messages.FlowReport.Parser, Messages.FlowReportAnswer.Parser);
}
