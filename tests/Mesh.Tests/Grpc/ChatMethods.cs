using ClusterMesh.Mesh.Grpc;
using ClusterMesh.Mesh.Tests.Grpc.Protos;

namespace ClusterMesh.Mesh.Tests.Grpc;

internal static class ChatMethods
{
    private const string Service = "clustermesh.test.v1.Chat";

    public static readonly GrpcMethod<Line, Line> Say = Of("Say"), Count = Of("Count"), Talk = Of("Talk"), Nobody = Of("Nobody");

    private static GrpcMethod<Line, Line> Of(string name) => new(Service, name, Line.Parser, Line.Parser);
}
