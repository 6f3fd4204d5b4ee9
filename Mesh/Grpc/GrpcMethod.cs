using Google.Protobuf;

namespace ClusterMesh.Mesh.Grpc;

/// <summary>One method of a service, as both its client and its server name it.</summary>
/// <param name="Service">With its package: "clustermesh.wire.v1.Snapshots".</param>
public sealed record GrpcMethod<TRequest, TResponse>(
    string Service, string Name, MessageParser<TRequest> Requests, MessageParser<TResponse> Responses)
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    public string Path { get; } = $"/{Service}/{Name}";
}
