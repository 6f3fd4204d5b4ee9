using System.Runtime.CompilerServices;
using ClusterMesh.Mesh.Grpc;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Wire.Protos;
using Microsoft.AspNetCore.Routing;

namespace ClusterMesh.Mesh.Wire;

/// <summary>Streams the hub's snapshots to whoever may connect: everything, then each change as soon as the last one is sent.</summary>
public static class SnapshotService
{
    public static void MapSnapshots(this IEndpointRouteBuilder routes, SnapshotHub hub, TimeProvider time) =>
        routes.MapServerStream(SnapshotMethod.Stream, (request, call) => StreamAsync(hub, request, time, call.Cancelled), SnapshotMethod.Limits);

    private static Follower Of(StreamRequest request) => (request.Edge ? Follower.Edge : 0) | (request.Node ? Follower.Node : 0);

    private static async IAsyncEnumerable<SnapshotUpdate> StreamAsync(SnapshotHub hub, StreamRequest request, TimeProvider time, [EnumeratorCancellation] CancellationToken stop)
    {
        using var subscription = hub.Subscribe();
        MeshSnapshot? told = null;
        while (true)
        {
            var (snapshot, changed, oldest) = await subscription.NextAsync(stop);
            var updates = SnapshotDelta.Between(told, snapshot, changed, Of(request));
            if (oldest > 0) updates[^1].AgeMicroseconds = Math.Max(1, (long)time.GetElapsedTime(oldest).TotalMicroseconds);
            foreach (var update in updates) yield return update;
            told = snapshot;
        }
    }
}
