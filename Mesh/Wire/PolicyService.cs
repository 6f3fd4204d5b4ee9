using System.Runtime.CompilerServices;
using ClusterMesh.Mesh.Grpc;
using ClusterMesh.Mesh.Wire.Protos;
using Microsoft.AspNetCore.Routing;

namespace ClusterMesh.Mesh.Wire;

/// <summary>Streams the hub's policies to whoever may connect: everything, then each change as soon as the last one is sent.</summary>
public static class PolicyService
{
    /// <param name="cluster">The own one.</param>
    public static void MapPolicies(this IEndpointRouteBuilder routes, PolicyHub hub, string cluster) =>
        routes.MapServerStream(PolicyMethod.Stream, (_, call) => StreamAsync(hub, cluster, call.Cancelled), PolicyMethod.Limits);

    private static async IAsyncEnumerable<PoliciesUpdate> StreamAsync(PolicyHub hub, string cluster, [EnumeratorCancellation] CancellationToken stop)
    {
        var sender = new PolicySender(cluster);
        await foreach (var policies in hub.FollowAsync(stop))
        {
            foreach (var update in sender.Updates(policies)) yield return update;
        }
    }
}
