namespace ClusterMesh.Mesh.Grpc;

/// <summary>What all calls of a channel share.</summary>
internal sealed record CallContext(HttpMessageInvoker Http, Uri Base, GrpcLimits Limits, TimeProvider Time);
