using Google.Protobuf;

namespace ClusterMesh.Mesh.Grpc;

/// <summary>A call in which both sides send while it lasts. One may send while one reads.</summary>
public sealed class GrpcDuplex<TRequest, TResponse> : IDisposable
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private readonly ClientCall<TRequest, TResponse> _call;
    private readonly DuplexContent _content;

    internal GrpcDuplex(ClientCall<TRequest, TResponse> call, DuplexContent content) => (_call, _content) = (call, content);

    /// <summary>Queues a message; false when we have completed or the call has ended, of which reading tells the reason.</summary>
    public bool TrySend(TRequest message) => _content.TryAdd(message);

    /// <summary>We send no more; the server may.</summary>
    public void Complete() => _content.Complete();

    /// <summary>The next message; null once the server has ended the call with OK.</summary>
    public ValueTask<TResponse?> ReadAsync() => _call.ReadAsync();

    public void Dispose()
    {
        _call.Dispose();
        _content.Complete();
    }
}
