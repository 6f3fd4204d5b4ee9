using ClusterMesh.Mesh.Grpc;
using Microsoft.AspNetCore.Routing;
using Messages = ClusterMesh.Mesh.Wire.Protos;

namespace ClusterMesh.Mesh.Wire.Flows;

/// <summary>Takes the reports of this node's proxies.</summary>
public static class FlowService
{
    /// <param name="take">Any thread; several reports may come at once.</param>
    public static void MapFlows(this IEndpointRouteBuilder routes, Action<FlowReport> take) =>
        routes.MapUnary(FlowMethod.Report, (message, _) =>
        {
            take(FlowEncoding.Decode(message));
            return Task.FromResult(new Messages.FlowReportAnswer());
        });
}
